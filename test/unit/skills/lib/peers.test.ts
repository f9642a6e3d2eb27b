import { describe, expect, test } from 'vitest';
import type { Peer } from '../../../../controller/evidence/finding.ts';
import {
  bareHost,
  clientPeers,
  configuredPeers,
  trafficPeers,
  urlHost,
  withPeers,
} from '../../../../skills/lib/peers.ts';

const named = (peers: readonly Peer[]) => peers.map(({ name, port, source }) => `${source} ${name}:${port ?? ''}`);

describe('what a process is configured to call', () => {
  test('URLs of all that services call, hosts by their variables, several at once', () => {
    const found = configuredPeers({
      LEDGER_URL: 'https://ledger.staging.example.com/v1?x=1',
      DATABASE: 'postgresql://shop:secret@db.internal/shop',
      REDIS_HOST: 'cache',
      SMTP_ADDR: 'mail.internal:587',
      KAFKA_BROKERS: 'kafka-0.internal:9092, kafka-1.internal:9092',
      SEARCH_ENDPOINT: 'http://search:9200',
    });
    expect(named(found)).toEqual([
      'LEDGER_URL ledger.staging.example.com:',
      'DATABASE db.internal:5432',
      'REDIS_HOST cache:',
      'SMTP_ADDR mail.internal:587',
      'KAFKA_BROKERS kafka-0.internal:9092',
      'KAFKA_BROKERS kafka-1.internal:9092',
      'SEARCH_ENDPOINT search:9200',
    ]);
    expect(JSON.stringify(found)).not.toContain('secret');
  });

  test('neither the service itself, nor telemetry, nor the platform, nor what is no host', () => {
    const none = {
      HOST: 'shop.internal',
      PUBLIC_URL: 'https://shop.example.com',
      CORS_ORIGINS: 'https://a.example.com',
      HTTPS_PROXY: 'http://proxy.internal:3128',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4317',
      SENTRY_DSN: 'https://key@sentry.internal/1',
      AWS_ENDPOINT_URL: 'http://localstack:4566',
      POD_IP: '10.0.0.7',
      PEER_ADDRESS: '10.0.0.8:80',
      LOG_LEVEL: 'debug',
      GREETING: 'hello',
      API_URL: '[REDACTED]',
      FILE_URL: 'file:///etc/passwd',
      MAIL_HOST: 'not a host',
      EMPTY_URL: '',
    };
    expect(configuredPeers(none)).toEqual([]);
  });
});

test('clients of a store go by the names that they give themselves; tools and drivers give none', () => {
  const given = [
    'settlement',
    'psql',
    'PostgreSQL JDBC Driver',
    'pg_dump',
    '',
    'walreceiver',
    '10.0.0.1:4000',
    'redis-cli',
    'threehops',
  ];
  expect(clientPeers(given, 'pg_stat_activity')).toEqual([
    { name: 'settlement', role: 'Caller', by: 'Connections', source: 'pg_stat_activity' },
  ]);
});

test('traffic by the labels of a mesh', () => {
  const found = trafficPeers([
    { destination_service: 'ledger.shop.svc.cluster.local', source_workload: 'gateway' },
    { destination_service: 'unknown', job: 'shop' },
  ]);
  expect(found.map(({ role, name }) => `${role} ${name}`)).toEqual([
    'Called ledger.shop.svc.cluster.local',
    'Caller gateway',
  ]);
});

test('each once, sorted, and not more than may be', () => {
  const many = Array.from({ length: 60 }, (_, index) => clientPeers([`client-${index}`], 'x')).flat();
  expect(withPeers([...many, ...many]).peers).toHaveLength(40);
  expect(withPeers([...many].toReversed())).toEqual(withPeers(many));
  expect(withPeers([])).toEqual({});
});

test.each([
  ['https://A.Example.com.', { name: 'a.example.com' }],
  ['amqp+ssl://broker/vhost', { name: 'broker', port: 5672 }],
  ['https://10.0.0.1/', undefined],
  ['mailto:someone@example.com', undefined],
])('%s is the host %o', (text, host) => {
  expect(urlHost(text)).toEqual(host);
});

test.each(['a b', '-x', 'x:', 'x:1234567', '10.0.0.1:80', ''])('"%s" is no host', (text) => {
  expect(bareHost(text)).toBeUndefined();
});
