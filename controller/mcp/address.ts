import { BlockList, isIP } from 'node:net';
import { bareHost } from '../config/glob.ts';

/** Why an address is refused whatever its name, unless a CIDR of the configuration takes it in. */
export type SpecialAddress = 'Loopback' | 'LinkLocal' | 'Metadata' | 'Unspecified' | 'Multicast' | 'EmbeddedIpv4';

/** Names under which clouds serve metadata, whatever address a resolver gives them. */
const metadataNames: ReadonlySet<string> = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'instance-data',
  'instance-data.ec2.internal',
  'metadata.tencentyun.com',
  'metadata.platformequinix.com',
  'metadata.packet.net',
]);

export function isMetadataName(host: string): boolean {
  return metadataNames.has(bareHost(host));
}

/**
 * RFC 6890's special-purpose ranges, as far as something may listen there that is not meant for the operator, and the
 * metadata services of clouds outside the link-local range (AWS and Google by IPv6, Scaleway, Alibaba, Azure, Oracle). The first match counts.
 */
const special: readonly (readonly [SpecialAddress, readonly string[]])[] = [
  [
    'Metadata',
    [
      '169.254.169.254/32',
      '169.254.170.2/32',
      '169.254.170.23/32',
      '169.254.42.42/32',
      'fd00:ec2::/32',
      'fd00:42::42/128',
    ],
  ],
  ['Metadata', ['100.100.100.200/32', '168.63.129.16/32', '192.0.0.192/32', 'fd20:ce::254/128']],
  ['Loopback', ['127.0.0.0/8', '::1/128']],
  ['LinkLocal', ['169.254.0.0/16', 'fe80::/10']],
  ['Unspecified', ['0.0.0.0/8', '::/128']],
  ['Multicast', ['224.0.0.0/4', '240.0.0.0/4', 'ff00::/8']],
  // NAT64, 6to4, Teredo, IPv4-compatible, IPv4-translated (RFC 2765): they reach an IPv4 address that the checks above have not seen.
  ['EmbeddedIpv4', ['64:ff9b::/96', '64:ff9b:1::/48', '2002::/16', '2001::/32', '::/96', '::ffff:0:0:0/96']],
];

const tables = special.map(([kind, cidrs]) => ({ kind, ranges: addressRanges(cidrs) }));

/** What is special about an address; undefined for an ordinary one. */
export function specialKind(address: string): SpecialAddress | undefined {
  return tables.find(({ ranges }) => ranges.includes(address))?.kind;
}

/** A set of CIDRs, or single addresses. */
export interface AddressRanges {
  includes(address: string): boolean;
}

/** @throws RangeError when an entry is no address and no CIDR. */
export function addressRanges(cidrs: readonly string[]): AddressRanges {
  // One list a family: node's own would hold an IPv4 address against IPv6 ranges (::/0 takes in everything).
  const lists = { 4: new BlockList(), 6: new BlockList() };
  for (const cidr of cidrs) {
    const [base = '', length] = cidr.split('/');
    const family = isIP(base);
    const bits = length === undefined ? (family === 4 ? 32 : 128) : Number(length);
    if (family !== 4 && family !== 6) throw new RangeError(`${cidr} is no CIDR`);
    lists[family].addSubnet(base, bits, familyName(family));
  }
  return {
    includes(address) {
      const plain = plainAddress(address);
      const family = isIP(plain);
      return (family === 4 || family === 6) && lists[family].check(plain, familyName(family));
    },
  };
}

/** Without a zone, in the shortest form; an IPv4 address mapped into IPv6 as the IPv4 address that it reaches. */
export function plainAddress(address: string): string {
  const [bare = ''] = address.split('%');
  if (isIP(bare) !== 6) return bare;
  const shortest = new URL(`http://[${bare}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(shortest);
  if (mapped === null) return shortest;
  return [mapped[1], mapped[2]]
    .map((group) => Number.parseInt(group ?? '', 16))
    .flatMap((group) => [group >> 8, group & 0xff])
    .join('.');
}

function familyName(family: 4 | 6): 'ipv4' | 'ipv6' {
  return family === 4 ? 'ipv4' : 'ipv6';
}
