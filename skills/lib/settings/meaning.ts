/** What a number in a configuration weighs on, told by the words of its name. */
export type Affects = 'Memory' | 'Connections' | 'Time' | 'Other';

const time = new Set([
  'timeout',
  'ttl',
  'interval',
  'delay',
  'ms',
  'millis',
  'milliseconds',
  'sec',
  'seconds',
  'minutes',
  'hours',
  'days',
  'age',
  'backoff',
  'expiry',
  'period',
  'grace',
]);
const connections = new Set([
  'pool',
  'connection',
  'connections',
  'conn',
  'conns',
  'concurrency',
  'concurrent',
  'workers',
  'worker',
  'threads',
  'parallelism',
  'parallel',
  'clients',
  'inflight',
  'sockets',
]);
const memory = new Set([
  'batch',
  'batches',
  'bulk',
  'buffer',
  'buffers',
  'cache',
  'cached',
  'chunk',
  'chunks',
  'prefetch',
  'preload',
  'heap',
  'watermark',
  'backlog',
  'queue',
  'window',
  'fetch',
  'page',
]);
const amounts = new Set([
  'size',
  'max',
  'limit',
  'count',
  'capacity',
  'length',
  'entries',
  'items',
  'rows',
  'records',
  'messages',
  'mb',
  'kb',
  'bytes',
  'min',
]);

/** Those that multiply what one piece of work holds come before those that hold something for long. */
const perWork = new Set(['batch', 'batches', 'bulk', 'chunk', 'chunks', 'prefetch', 'fetch', 'page']);

/** `pool.maxSize`, `PG_POOL_MAX` and `batch-size` as words. */
export function wordsOf(key: string): readonly string[] {
  return key
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z\d]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}

/** Undefined where no word says that the number limits or sizes anything. */
export function affectsOf(key: string): Affects | undefined {
  const words = wordsOf(key);
  const has = (vocabulary: ReadonlySet<string>): boolean => words.some((word) => vocabulary.has(word));
  if (has(time)) return 'Time';
  if (has(memory)) return 'Memory';
  if (has(connections)) return 'Connections';
  return has(amounts) ? 'Other' : undefined;
}

export function isPerWork(key: string): boolean {
  return wordsOf(key).some((word) => perWork.has(word));
}
