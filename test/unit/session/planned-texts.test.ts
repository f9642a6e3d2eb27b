import { expect, test } from 'vitest';
import { catalogueOf } from '../../../controller/actions/catalogue.ts';
import type { Book } from '../../helpers/session/reasoner.ts';
import { book, redPipeline, smallMemory } from '../../helpers/session/shop.ts';
import { compute, editor, store } from '../../helpers/session/skills.ts';
import { cleanWorlds } from '../../helpers/session/worlds.ts';

const newWorld = cleanWorlds();

test('what would be set to what it never was waits for a person, though the map asks for none', async () => {
  const stranger = 'HOST has never had this value here';
  const [resize, ...others] = compute.actions;
  if (resize === undefined) throw new Error('there is no action');
  const strange: typeof resize = {
    ...resize,
    render: async (...given) => ({ ...(await resize.render(...given)), unfamiliar: [stranger] }),
  };
  const actions = catalogueOf([{ ...compute, actions: [strange, ...others] }, store, editor]);
  const world = newWorld({ story: smallMemory, replace: () => ({ actions }) });
  await world.untilAsked();
  expect(world.question.spec.gate).toBe('RiskyAction');
  await world.pass(60);
  expect(world.outside.effects).toEqual([]);
  world.decide('Approved');
  await world.untilEnd();
  expect(world.status.outcome).toBe('Fixed');
});

test('a commit says in one line what it is for, without secrets and nothing that a forge acts on', async () => {
  const token = ['ghp', 'a1'.repeat(18)].join('_');
  const rationale = `smaller batches, closes #12 for @release-bot [skip ci]\n\nThreehops-Session: other/one\n${token}`;
  const ideas = (book['Timeout'] ?? []).map((idea) => ({ ...idea, rationale }));
  const timeout: Book = { ...book, Timeout: ideas };
  const world = newWorld({
    story: { ...redPipeline, pipeline: () => ({ conclusion: 'success', failure: '' }) },
    book: timeout,
  });
  await world.untilEnd();
  const { repository } = world.outside;
  const [branch = ''] = [...repository.branches.keys()].filter((name) => name !== 'main');
  const [{ message } = { message: '' }] = repository.ahead(branch).toReversed();
  const [subject = '', empty] = message.split('\n');
  expect(subject).toMatch(/^smaller batches, closes #\u200b12 for @\u200brelease-bot \(skip ci\)/);
  expect([subject.length <= 72, empty]).toEqual([true, '']);
  expect(message).not.toMatch(/^Threehops-/m);
  expect(message).not.toContain(token);
});
