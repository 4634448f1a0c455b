'use strict';

// The simulator in a process of its own, with the certificate that it looks for in $HOME; prints its port. (CommonJS:
// the ES modules of 0.11.4 cannot sign.)
const { simulation } = require('@simulacrum/auth0-simulator');

const users = [{ id: 'email|1', name: 'Ada', email: 'ada@example.com', password: 'unused' }];
simulation({ initialState: { users } })
  .listen(0, '127.0.0.1')
  .then(({ port }) => {
    console.log(port);
  });
