import type { DebugSession } from '../../../controller/api/kinds.ts';
import { mapLines, mark, type NodeHealth } from './health-map.ts';
import type { Teller } from './teller.ts';

type Status = NonNullable<DebugSession['status']>;
type Diagnosis = NonNullable<Status['diagnosis']>;

/** Tells a session by what is new in its status. */
export class SessionStory {
  readonly #teller: Teller;
  #before: Status = {};

  constructor(teller: Teller) {
    this.#teller = teller;
  }

  /** Answers whether the phase is another one than before. */
  show(session: DebugSession): boolean {
    const before = this.#before;
    const status = session.status ?? {};
    this.#before = status;
    const entered = status.phase !== before.phase || status.iteration !== before.iteration;
    this.#sweep(before, status);
    this.#diagnosis(before, status);
    this.#plan(before, status);
    this.#measured(before, status);
    this.#intents(before, status);
    this.#acting(before, status);
    this.#verification(before, status);
    if (entered && status.phase !== undefined) this.#enter(status);
    this.#waiting(before, status);
    return entered;
  }

  #enter({ phase, iteration = 1, outcome }: Status): void {
    const ended = outcome === undefined ? '' : ` · ${outcome}`;
    this.#teller.heading(`${phase ?? ''}${ended} · iteration ${iteration}`);
  }

  #sweep(before: Status, { sweep, graph }: Status): void {
    if (sweep?.endedAt === undefined || sweep.endedAt === before.sweep?.endedAt) return;
    const { room, ink } = this.#teller;
    const nodes = sweep.nodes ?? [];
    const map = new Map<string, NodeHealth>(nodes.map(({ node, health }) => [node, health]));
    for (const line of mapLines(map, room, ink)) this.#teller.painted(line, false);
    for (const { node, health, summary = '' } of nodes.filter((entry) => entry.health !== 'Healthy')) {
      this.#teller.marked(mark(ink, health), node, summary);
    }
    for (const gap of graph?.gaps ?? []) this.#teller.labelled('not seen', gap);
  }

  #diagnosis(before: Status, { diagnosis }: Status): void {
    if (diagnosis === undefined || JSON.stringify(diagnosis) === JSON.stringify(before.diagnosis)) return;
    const teller = this.#teller;
    const { rootCause, confidencePercent: sure } = diagnosis;
    if (rootCause !== undefined) {
      const certainty = sure === undefined ? '' : ` (${sure} % sure, ${diagnosis.engine ?? ''})`;
      teller.labelled('cause', `${rootCause.kind} at ${rootCause.node}${certainty}`, (text) =>
        teller.ink('bold', text),
      );
      teller.labelled('', rootCause.summary ?? '');
    }
    this.#evidence(diagnosis);
    const { fix } = diagnosis;
    if (fix !== undefined) teller.labelled('fix', `${fix.action} at ${fix.node} ${fix.parameters ?? ''}`);
    if (fix?.rationale !== undefined) teller.labelled('', fix.rationale);
    for (const { node, findingGone, withinSeconds } of diagnosis.predictions ?? []) {
      teller.labelled('predicted', `${findingGone} is gone from ${node} within ${withinSeconds} s`);
    }
    for (const { node, kind, confidencePercent } of diagnosis.alternatives ?? []) {
      teller.labelled('or else', `${kind} at ${node} (${confidencePercent ?? '?'} %)`, (text) =>
        teller.ink('dim', text),
      );
    }
  }

  #evidence({ chain = [], claims = [], gaps = [] }: Diagnosis): void {
    if (chain.length > 1) this.#teller.labelled('chain', chain.join(' → '));
    claims.forEach(({ text, findings }, index) => {
      const cited = findings.length === 0 ? '' : ` [${findings.join(', ')}]`;
      this.#teller.labelled(index === 0 ? 'evidence' : '', `${text}${cited}`);
    });
    for (const gap of gaps) this.#teller.labelled('not seen', gap);
  }

  #plan(before: Status, { plan }: Status): void {
    if (plan === undefined || plan.actionDigest === before.plan?.actionDigest) return;
    const teller = this.#teller;
    teller.labelled('plan', plan.summary ?? plan.action ?? '');
    for (const line of (plan.diff ?? '').split('\n').slice(0, 30)) {
      const colour = line.startsWith('+') ? 'green' : line.startsWith('-') ? 'red' : 'dim';
      teller.labelled('', line, (text) => teller.ink(colour, text));
    }
    if ((plan.checks ?? '') !== '') teller.labelled('checks', plan.checks ?? '');
  }

  #measured(before: Status, { before: measured }: Status): void {
    if (before.before !== undefined) return;
    for (const { name, node, summary } of measured ?? []) {
      this.#teller.labelled('before', `${name} ${node}  ${summary}`);
    }
  }

  #intents(before: Status, { intents = [] }: Status): void {
    const known = new Map((before.intents ?? []).map((intent) => [intent.id, intent.state]));
    for (const { id, state, kind, target = '', action, adopted, message } of intents) {
      if (known.get(id) === state) continue;
      const colour = state === 'Succeeded' ? 'green' : state === 'Pending' ? 'dim' : 'red';
      const found = adopted === true ? ' (found done)' : '';
      this.#teller.tell(`${kind} ${action ?? ''} ${target}: ${state}${found}`.replaceAll('  ', ' '), (text) =>
        this.#teller.ink(colour, text),
      );
      if (message !== undefined) this.#teller.labelled('', message);
    }
  }

  #acting(before: Status, { acting }: Status): void {
    if (acting === undefined) return;
    const teller = this.#teller;
    if (acting.ci !== undefined && acting.ci !== before.acting?.ci) {
      teller.labelled('CI', `${acting.ci} ${acting.ciUrl ?? ''}`);
    }
    if (acting.deployed !== undefined && acting.deployed !== before.acting?.deployed) {
      teller.labelled('deployed', acting.deployed);
    }
    if (acting.failure !== undefined && acting.failure !== before.acting?.failure) {
      teller.labelled('failed', acting.failure, (text) => teller.ink('red', text));
    }
  }

  #verification(before: Status, { verification }: Status): void {
    if (verification?.endedAt === undefined || verification.endedAt === before.verification?.endedAt) return;
    const teller = this.#teller;
    const checks = verification.checks ?? [];
    const neighbours = checks.filter(({ name, verdict }) => name === 'not worse' && verdict === 'Pass');
    for (const check of checks) {
      if (neighbours.includes(check)) continue;
      const health = check.verdict === 'Pass' ? 'Healthy' : check.verdict === 'Fail' ? 'Failing' : 'Unknown';
      const notRun = check.verdict === 'NotRun' ? 'not run: ' : '';
      const head = `${check.name} ${check.node ?? ''}`.trim();
      teller.marked(mark(teller.ink, health), head, `${notRun}${check.summary ?? ''}`);
    }
    if (neighbours.length > 0) teller.labelled('neighbours', `${neighbours.length} nodes are not worse than before`);
    teller.labelled('verdict', verification.verdict ?? '', (text) =>
      teller.ink(['bold', verification.verdict === 'Pass' ? 'green' : 'red'], text),
    );
  }

  #waiting(before: Status, { approvalRef, phase }: Status): void {
    if (approvalRef === undefined || approvalRef.uid === before.approvalRef?.uid) return;
    this.#teller.tell(`${phase ?? ''}: waiting for a person to decide approval ${approvalRef.name}`, (text) =>
      this.#teller.ink('yellow', text),
    );
  }
}
