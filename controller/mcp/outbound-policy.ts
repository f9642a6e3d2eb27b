import { bareHost, hostMatches } from '../config/glob.ts';
import { addressRanges, plainAddress, type SpecialAddress, specialKind } from './address.ts';

/** Where the operator may go, in the platform's words. */
export interface OutboundPolicy {
  /** Host globs, as `hostMatches` reads them. */
  readonly hosts: readonly string[];
  /** CIDRs that may be reached whatever their name; the only way to loopback, link-local, metadata and the API server. */
  readonly cidrs: readonly string[];
  /** Names and addresses of the Kubernetes API server. */
  readonly apiServer?: readonly string[];
  /** With neither hosts nor CIDRs: `Ordinary` reaches any address that is not special; `Nothing` is for clients that write. */
  readonly whenEmpty: 'Ordinary' | 'Nothing';
  /** Hosts that the credentials in use may be shown to; absent where there are none. */
  readonly credentialHosts?: readonly string[];
}

export type RefusalReason =
  | SpecialAddress
  | 'ApiServer'
  /** Neither the host nor the address is on the allow-list. */
  | 'NotAllowed'
  /** Acting needs hosts or CIDRs in the configuration. */
  | 'NothingAllowed'
  /** The Secret's annotation does not name the host. */
  | 'NotForTheseCredentials';

/** Judges names and addresses; knows nothing of sockets. */
export interface OutboundJudge {
  /** Why a name may not even be resolved. */
  refuseHost(host: string): RefusalReason | undefined;
  /** Why an address that the name resolved to may not be connected to. */
  refuseAddress(host: string, address: string): RefusalReason | undefined;
}

/** @throws RangeError when a CIDR is none. */
export function outboundJudge(policy: OutboundPolicy): OutboundJudge {
  const ranges = addressRanges(policy.cidrs);
  const apiServer = new Set((policy.apiServer ?? []).map((entry) => plainAddress(bareHost(entry))));
  const empty = policy.hosts.length === 0 && policy.cidrs.length === 0;
  return {
    refuseHost(host) {
      if (empty && policy.whenEmpty === 'Nothing') return 'NothingAllowed';
      const { credentialHosts } = policy;
      const mayShow = credentialHosts === undefined || credentialHosts.some((glob) => hostMatches(glob, host));
      return mayShow ? undefined : 'NotForTheseCredentials';
    },
    refuseAddress(host, address) {
      if (ranges.includes(address)) return undefined;
      const kind = specialKind(address);
      if (kind !== undefined) return kind;
      if (apiServer.has(bareHost(host)) || apiServer.has(plainAddress(address))) return 'ApiServer';
      return empty || policy.hosts.some((glob) => hostMatches(glob, host)) ? undefined : 'NotAllowed';
    },
  };
}
