import session from 'express-session';

/** Answers later, as a store across the network does; what is quick by luck there is late here. */
export class SlowStore extends session.MemoryStore {
  override get(...[id, callback]: Parameters<session.MemoryStore['get']>) {
    setTimeout(() => {
      super.get(id, callback);
    }, 5);
  }

  override set(...[id, data, callback]: Parameters<session.MemoryStore['set']>) {
    const sent = JSON.parse(JSON.stringify(data)) as typeof data;
    setTimeout(() => {
      super.set(id, sent, callback);
    }, 15);
  }

  override destroy(...[id, callback]: Parameters<session.MemoryStore['destroy']>) {
    setTimeout(() => {
      super.destroy(id, callback);
    }, 5);
  }
}
