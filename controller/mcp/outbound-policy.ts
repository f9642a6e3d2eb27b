import { bareHost, hostMatches } from '../config/glob.ts';
import { addressRanges, isMetadataName, plainAddress, type SpecialAddress, specialKind } from './address.ts';

/** Where the operator may go, in the platform's words. */
export interface OutboundPolicy {
  /** Host globs, as `hostMatches` reads them. */
  readonly hosts: readonly string[];
  /** CIDRs that may be reached whatever their name; the only way to loopback, link-local, metadata and the API server. */
  readonly cidrs: readonly string[];
  /** Names of the Kubernetes API server, and addresses of it that never change. */
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
  /**
   * Why an address that the name resolved to may not be connected to.
   * @param apiServer addresses of the API server as they are at this moment, in their plain form
   */
  refuseAddress(host: string, address: string, apiServer?: ReadonlySet<string>): RefusalReason | undefined;
}

/** @throws RangeError when a CIDR is none. */
export function outboundJudge(policy: OutboundPolicy): OutboundJudge {
  const ranges = addressRanges(policy.cidrs);
  const names = policy.apiServer ?? [];
  const fixed = new Set(names.map((entry) => plainAddress(bareHost(entry))));
  const empty = policy.hosts.length === 0 && policy.cidrs.length === 0;
  return {
    refuseHost(host) {
      if (empty && policy.whenEmpty === 'Nothing') return 'NothingAllowed';
      const { credentialHosts } = policy;
      const mayShow = credentialHosts === undefined || credentialHosts.some((glob) => hostMatches(glob, host));
      return mayShow ? undefined : 'NotForTheseCredentials';
    },
    refuseAddress(host, address, apiServer) {
      if (ranges.includes(address)) return undefined;
      const plain = plainAddress(address);
      if (namesApiServer(names, host) || fixed.has(plain) || apiServer?.has(plain) === true) return 'ApiServer';
      const kind = isMetadataName(host) ? 'Metadata' : specialKind(address);
      if (kind !== undefined) return kind;
      return empty || policy.hosts.some((glob) => hostMatches(glob, host)) ? undefined : 'NotAllowed';
    },
  };
}

/** Whether a host is one of the names; in a cluster's own domain (`kubernetes.default.svc.cluster.local`) as well. */
function namesApiServer(names: readonly string[], host: string): boolean {
  const name = bareHost(host);
  return names.some((known) => name === known) || name.startsWith('kubernetes.default.svc.');
}
