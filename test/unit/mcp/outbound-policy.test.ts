import { describe, expect, it } from 'vitest';
import { plainAddress, specialKind } from '../../../controller/mcp/address.ts';
import { type OutboundPolicy, outboundJudge } from '../../../controller/mcp/outbound-policy.ts';

const policy = (fields: Partial<OutboundPolicy> = {}): OutboundPolicy => ({
  hosts: [],
  cidrs: [],
  whenEmpty: 'Ordinary',
  ...fields,
});

describe('special addresses', () => {
  it.each([
    ['169.254.169.254', 'Metadata'],
    ['fd00:ec2::254', 'Metadata'],
    ['FD00:0EC2:0:0:0:0:0:0254', 'Metadata'],
    ['100.100.100.200', 'Metadata'],
    ['168.63.129.16', 'Metadata'],
    ['127.0.0.1', 'Loopback'],
    ['127.255.1.2', 'Loopback'],
    ['::1', 'Loopback'],
    ['0:0:0:0:0:0:0:1', 'Loopback'],
    ['::ffff:127.0.0.1', 'Loopback'],
    ['::ffff:7f00:1', 'Loopback'],
    ['::ffff:a9fe:a9fe', 'Metadata'],
    ['169.254.1.1', 'LinkLocal'],
    ['fe80::1', 'LinkLocal'],
    ['fe80::1%eth0', 'LinkLocal'],
    ['0.0.0.0', 'Unspecified'],
    ['::', 'Unspecified'],
    ['224.0.0.1', 'Multicast'],
    ['255.255.255.255', 'Multicast'],
    ['ff02::1', 'Multicast'],
    ['64:ff9b::a9fe:a9fe', 'EmbeddedIpv4'],
    ['2002:7f00:1::', 'EmbeddedIpv4'],
    ['::127.0.0.1', 'EmbeddedIpv4'],
    ['10.0.0.1', undefined],
    ['8.8.8.8', undefined],
    ['2606:4700::1111', undefined],
    ['::ffff:8.8.8.8', undefined],
  ])('%s is %s', (address, kind) => {
    expect(specialKind(address)).toBe(kind);
  });

  it('writes an IPv4 address that is mapped into IPv6 as what it reaches', () => {
    expect(plainAddress('::ffff:10.1.2.3')).toBe('10.1.2.3');
  });
});

describe('the outbound policy', () => {
  it('with nothing listed lets a reader reach ordinary addresses, and a writer nothing', () => {
    const reader = outboundJudge(policy());
    expect(reader.refuseHost('x.example')).toBeUndefined();
    expect(reader.refuseAddress('x.example', '10.0.0.1')).toBeUndefined();
    expect(reader.refuseAddress('x.example', '127.0.0.1')).toBe('Loopback');
    expect(outboundJudge(policy({ whenEmpty: 'Nothing' })).refuseHost('x.example')).toBe('NothingAllowed');
  });

  it('with a list lets through what is on it by name or by address', () => {
    const judge = outboundJudge(policy({ hosts: ['*.acme.example'], cidrs: ['10.1.0.0/16', '2001:db8::/32'] }));
    expect(judge.refuseAddress('db.acme.example', '8.8.8.8')).toBeUndefined();
    expect(judge.refuseAddress('other.example', '10.1.2.3')).toBeUndefined();
    expect(judge.refuseAddress('other.example', '::ffff:10.1.2.3')).toBeUndefined();
    expect(judge.refuseAddress('other.example', '2001:db8::1')).toBeUndefined();
    expect(judge.refuseAddress('other.example', '10.2.0.1')).toBe('NotAllowed');
  });

  it('never lets a name alone reach what is special', () => {
    const judge = outboundJudge(policy({ hosts: ['*'], apiServer: ['10.96.0.1', 'kubernetes.default.svc'] }));
    expect(judge.refuseAddress('rebound.example', '127.0.0.1')).toBe('Loopback');
    expect(judge.refuseAddress('rebound.example', '169.254.169.254')).toBe('Metadata');
    expect(judge.refuseAddress('rebound.example', '10.96.0.1')).toBe('ApiServer');
    expect(judge.refuseAddress('kubernetes.default.svc', '10.96.0.9')).toBe('ApiServer');
  });

  it('lets a CIDR take in what is special', () => {
    const judge = outboundJudge(policy({ cidrs: ['127.0.0.0/8'], apiServer: ['127.0.0.1'] }));
    expect(judge.refuseAddress('localhost', '127.0.0.1')).toBeUndefined();
    expect(judge.refuseAddress('localhost', '::1')).toBe('Loopback');
  });

  it('does not take an IPv6 range for IPv4 addresses', () => {
    const judge = outboundJudge(policy({ cidrs: ['::/0'] }));
    expect(judge.refuseAddress('x.example', '127.0.0.1')).toBe('Loopback');
    expect(judge.refuseAddress('x.example', '10.0.0.1')).toBe('NotAllowed');
  });

  it('shows credentials to the hosts that they name, whatever else is allowed', () => {
    const judge = outboundJudge(policy({ cidrs: ['0.0.0.0/0'], credentialHosts: ['db.acme.example'] }));
    expect(judge.refuseHost('db.acme.example')).toBeUndefined();
    expect(judge.refuseHost('evil.example')).toBe('NotForTheseCredentials');
    expect(outboundJudge(policy({ credentialHosts: [] })).refuseHost('x')).toBe('NotForTheseCredentials');
  });

  it('refuses a CIDR that is none', () => {
    expect(() => outboundJudge(policy({ cidrs: ['localhost'] }))).toThrow(RangeError);
    expect(() => outboundJudge(policy({ cidrs: ['10.0.0.0/40'] }))).toThrow(RangeError);
  });
});
