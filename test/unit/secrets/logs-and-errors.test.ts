import { Writable } from 'node:stream';
import { afterAll, describe, expect, test } from 'vitest';
import type { Json } from '../../../controller/api/json.ts';
import { readAnswer } from '../../../controller/mcp/answer.ts';
import { systemClock } from '../../../controller/kube/clock.ts';
import { startEmbedded } from '../../../controller/mcp/embedded-client.ts';
import type { EmbeddedServer } from '../../../controller/mcp/tool.ts';
import { redact } from '../../../controller/redaction/redact.ts';
import { createLogger, type Logger } from '../../../controller/telemetry/logger.ts';
import { openDialer } from '../../helpers/open-dialer.ts';
import { Figures } from '../../helpers/secrets/figures.ts';
import { casesOf, plantedSecrets } from '../../helpers/secrets/planted.ts';
import type { Case } from '../../helpers/secrets/transforms.ts';

const seed = 20_260_103;
const signal = new AbortController().signal;
const figures = new Figures();
/** Of every kind one as it is and one in any form. */
const cases = [...Map.groupBy(casesOf(plantedSecrets(seed), seed), ({ kind }) => kind).values()].flatMap(
  (all, index) => {
    const ofOneText = all.filter(({ given }) => typeof given === 'string');
    const asIs = ofOneText.filter(({ transform }) => transform === 'as it is');
    return [...asIs.slice(-1), ...ofOneText.slice((7 * index) % ofOneText.length).slice(0, 1)];
  },
);
const textOf = ({ given }: Case): string => (typeof given === 'string' ? given : given.join('\n'));

afterAll(() => {
  process.stdout.write(
    `redaction of logs and errors\n${figures
      .lines()
      .map((line) => `  ${line}\n`)
      .join('')}`,
  );
});

/** The lines that it has written, as they stand there. */
function logger(): { readonly log: Logger; readonly take: () => string } {
  let written = '';
  const destination = new Writable({
    write(chunk, _encoding, done) {
      written += String(chunk);
      done();
    },
  });
  const log = createLogger({ level: 'debug', destination, redactText: redact });
  return {
    log,
    take: () => {
      const text = written;
      written = '';
      return text;
    },
  };
}

/** What may hold a text in a line of the log. */
const fields: Readonly<Record<string, (text: string) => object>> = {
  text: (text) => ({ answer: text }),
  'text in depth': (text) => ({ call: { args: [text, { note: text }] } }),
  'name of a field': (text) => ({ seen: { [text]: 1 } }),
  error: (text) => ({ error: new Error(text) }),
  'cause of an error': (text) => ({ error: new Error('it failed', { cause: new Error(text) }) }),
  'code of an error': (text) => ({ error: Object.assign(new Error('it failed'), { code: text }) }),
  'reason of an error': (text) => ({ error: Object.assign(new Error('it failed'), { reason: text }) }),
  'name of an error': (text) => ({ error: Object.assign(new Error('it failed'), { name: text }) }),
  'errors together': (text) => ({ error: new AggregateError([new Error(text)], text) }),
};

describe('a log', () => {
  test.each(Object.keys(fields))('holds no secret: %s', (place) => {
    const { log, take } = logger();
    for (const one of cases) {
      log.child({ session: 'shop/broken' }).warn('it did not work', fields[place]?.(textOf(one)));
      figures.judge(`log: ${place}`, take(), [one]);
    }
    const way = `log: ${place}`;
    expect(figures.leaked(way), `came out: ${figures.leaks(way).join('; ')}`).toBe(0);
  });
});

const address = { server: 'shop', tool: 'read' };

/** A server whose tool throws what it is told to, and one whose backend cannot be made. */
function broken(thrown: (index: number) => Error): EmbeddedServer {
  return {
    id: 'shop',
    tools: [
      {
        name: 'read',
        description: 'Reads.',
        access: 'Read',
        input: { type: 'object', properties: { index: { type: 'integer' } } },
        output: { type: 'object' },
        handle: ({ index }) => Promise.reject(thrown(Number(index))),
      },
    ],
    connect: () => ({}),
  };
}

function told(error: unknown): unknown {
  const { message, name, code, reason } = error as Error & { readonly code?: string; readonly reason?: string };
  return { message, name, code, reason, text: String(error) };
}

async function thrownBy(work: () => unknown): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return told(error);
  }
  throw new Error('nothing was thrown');
}

describe('the error of a tool', () => {
  test('of a server of ours holds no secret', async () => {
    const server = broken((index) => new Error(textOf(cases[index] ?? (cases[0] as Case))));
    const connection = { settings: {}, credentials: {}, dialer: openDialer };
    const started = await startEmbedded(server, connection, { access: 'Read', clock: systemClock }, signal);
    for (const [index, one] of cases.entries()) {
      figures.judge('tool: thrown', await thrownBy(() => started.client.call('read', { index }, signal)), [one]);
    }
    await started.close();
    expect(figures.leaked('tool: thrown'), `came out: ${figures.leaks('tool: thrown').join('; ')}`).toBe(0);
  });

  test('of a server that cannot be started holds no secret', async () => {
    for (const one of cases) {
      const server: EmbeddedServer = {
        ...broken(() => new Error()),
        connect() {
          throw new Error(textOf(one));
        },
      };
      const connection = { settings: {}, credentials: {}, dialer: openDialer };
      const start = () => startEmbedded(server, connection, { access: 'Read', clock: systemClock }, signal);
      figures.judge('tool: cannot be started', await thrownBy(start), [one]);
    }
    expect(
      figures.leaked('tool: cannot be started'),
      `came out: ${figures.leaks('tool: cannot be started').join('; ')}`,
    ).toBe(0);
  });

  const answers: Readonly<Record<string, (text: string) => Json>> = {
    'a failure in words': (text) => ({ isError: true, content: [{ type: 'text', text }] }),
    'a failure with a code': (text) => ({
      isError: true,
      content: [{ type: 'text', text: JSON.stringify({ error: { code: text, message: text } }) }],
      structuredContent: { code: text, message: text },
    }),
    'what does not fit': (text) => ({
      content: [{ type: 'text', text: JSON.stringify({ [text]: text, size: text }) }],
    }),
  };

  test.each(Object.keys(answers))('of a server of others holds no secret: %s', async (kind) => {
    const output = { type: 'object', additionalProperties: false, properties: { size: { type: 'integer' } } };
    const tool = { name: 'read', access: 'Read', output, foreign: true } as unknown as Parameters<typeof readAnswer>[1];
    for (const one of cases) {
      const error = await thrownBy(() => readAnswer(address, tool, answers[kind]?.(textOf(one)), 1_000_000));
      figures.judge(`tool: ${kind}`, error, [one]);
    }
    const way = `tool: ${kind}`;
    expect(figures.leaked(way), `came out: ${figures.leaks(way).join('; ')}`).toBe(0);
  });
});
