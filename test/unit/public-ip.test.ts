import { describe, expect, test } from 'vitest';
import { publicIP } from '../../lib/public-ip.js';

describe('a public address', () => {
  // The addresses next to a range on either side are public, unless another range begins there.
  test.each([
    ['this network', undefined, '0.0.0.0', '0.255.255.255', '1.0.0.0'],
    ['private use', '9.255.255.255', '10.0.0.0', '10.255.255.255', '11.0.0.0'],
    ['shared', '100.63.255.255', '100.64.0.0', '100.127.255.255', '100.128.0.0'],
    ['loopback', '126.255.255.255', '127.0.0.0', '127.255.255.255', '128.0.0.0'],
    ['link-local', '169.253.255.255', '169.254.0.0', '169.254.255.255', '169.255.0.0'],
    ['private use', '172.15.255.255', '172.16.0.0', '172.31.255.255', '172.32.0.0'],
    ['protocol assignments', '191.255.255.255', '192.0.0.0', '192.0.0.255', '192.0.1.0'],
    ['documentation', '192.0.1.255', '192.0.2.0', '192.0.2.255', '192.0.3.0'],
    ['private use', '192.167.255.255', '192.168.0.0', '192.168.255.255', '192.169.0.0'],
    ['benchmarking', '198.17.255.255', '198.18.0.0', '198.19.255.255', '198.20.0.0'],
    ['documentation', '198.51.99.255', '198.51.100.0', '198.51.100.255', '198.51.101.0'],
    ['documentation', '203.0.112.255', '203.0.113.0', '203.0.113.255', '203.0.114.0'],
    ['multicast', '223.255.255.255', '224.0.0.0', '239.255.255.255', undefined],
    ['reserved', undefined, '240.0.0.0', '255.255.255.255', undefined],
    ['not global unicast', undefined, '::', '1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', undefined],
    ['protocol assignments', '2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '2001::', '2001:1ff:ffff::1', '2001:200::'],
    ['documentation', '2001:db7:ffff::', '2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', '2001:db9::'],
    ['6to4', '2001:ffff:ffff::', '2002::', '2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '2003::'],
    ['documentation', '3ffe:ffff:ffff::', '3fff::', '3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff', '3fff:1000::'],
    ['unassigned', '3fff:ffff:ffff:ffff::', '4000::', 'fbff::', undefined],
    ['unique local', undefined, 'fc00::', 'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', undefined],
    ['link-local', undefined, 'fe80::', 'febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff', undefined],
    ['multicast', undefined, 'ff00::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', undefined],
  ])('is not of the range for %s: %s | %s to %s | %s', (_range, before, first, last, next) => {
    expect([publicIP(first), publicIP(last)]).toEqual([undefined, undefined]);
    if (before) expect(publicIP(before)).toBe(before);
    if (next) expect(publicIP(next)).toBe(next);
    if (!first.includes(':')) expect(publicIP(`::ffff:${first}`)).toBeUndefined();
  });

  test.each([
    ['8.8.8.8', '8.8.8.8'],
    ['::ffff:8.8.8.8', '8.8.8.8'],
    ['::FFFF:8.8.8.8', '8.8.8.8'],
    ['2a00:1450:4001:80b::200e', '2a00:1450:4001:80b::200e'],
    ['81.2.69.3:61598', '81.2.69.3'],
    ['::ffff:81.2.69.3:61598', undefined],
    ['[2a00:1450:4001:80b::200e]:443', '2a00:1450:4001:80b::200e'],
    ['[2a00:1450:4001:80b::200e]', '2a00:1450:4001:80b::200e'],
    ['[::ffff:8.8.8.8]:443', '8.8.8.8'],
  ])('%s goes out as %s', (address, sent) => {
    expect(publicIP(address)).toBe(sent);
  });

  test.each([
    ['::1'],
    ['::'],
    ['::ffff:127.0.0.1'],
    ['::ffff:7f00:1'],
    ['0:0:0:0:0:ffff:127.0.0.1'],
    ['::127.0.0.1'],
    ['64:ff9b::10.0.0.1'],
    ['fe80::1%eth0'],
    ['2a00::1%eth0'],
    ['8.8.8.8%eth0'],
    ['8.8.8.8, 9.9.9.9'],
    ['8.8.8.8 '],
    [' 8.8.8.8'],
    ['8.8.8.8:'],
    ['8.8.8.8:443:1'],
    ['8.8.8.8:123456'],
    ['10.0.0.1:443'],
    ['[::1]:443'],
    ['[2a00::1'],
    ['[8.8.8.8'],
    ['8.8.8.0/24'],
    ['8.8.8'],
    ['8.8.8.8.8'],
    ['08.8.8.8'],
    ['0x08.8.8.8'],
    ['134744072'],
    ['256.8.8.8'],
    ['::ffff:::ffff:8.8.8.8'],
    ['localhost'],
    ['unknown'],
    [''],
    ['8.8.8.8\r\nx: y'],
    [`::ffff:${'1'.repeat(300_000)}`],
    ['f:'.repeat(150_000)],
    [undefined],
    [null],
    [8],
    [['8.8.8.8']],
    [{}],
  ])('is not %.40j', (address) => {
    expect(publicIP(address)).toBeUndefined();
  });
});
