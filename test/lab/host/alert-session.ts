import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasNotes, notesOf, type AlertNote } from '../../../controller/api/alert-notes.ts';
import type { DebugSession } from '../../../controller/api/kinds.ts';
import type { Alertmanager } from '../parts/alertmanager.ts';
import { until } from '../parts/process.ts';
import type { OpenLab } from './open-lab.ts';

/** How a session fared that an alert opened. */
export interface AlertResult {
  /** What the session tells of: the alert that opened it, and those of the same trouble. */
  readonly alerts: readonly Pick<AlertNote, 'alertname' | 'service' | 'status'>[];
  /** All that there are in the namespace: one trouble is one session. */
  readonly sessions: number;
  /** Whether all of these alerts are over, as the session tells. */
  readonly resolved: boolean;
}

type Note = (line: string) => void;

const openedMs = 60_000;
const resolvedMs = 60_000;
const everyMs = 1000;

/** Has the lab's Alertmanager tell the operator from now on, and answers the session that this opens. @throws when none is in time */
export async function sessionOfAlert(open: OpenLab, note: Note): Promise<DebugSession> {
  const alertmanager = alertmanagerOf(open);
  note('the Alertmanager tells the operator from now on; a session is waited for');
  await tellOperator(open, alertmanager);
  const opened = async (): Promise<DebugSession | undefined> => {
    open.signal.throwIfAborted();
    return (await sessionsOf(open)).find(hasNotes);
  };
  try {
    return await until('a session', opened, openedMs, everyMs);
  } catch (cause) {
    open.signal.throwIfAborted();
    throw new Error(`no alert has opened a session within ${openedMs / 1000} s: ${await whyNot(alertmanager)}`, {
      cause,
    });
  }
}

async function tellOperator(open: OpenLab, alertmanager: Alertmanager): Promise<void> {
  const { api, platform, namespace, dataDir } = open;
  const tokenFile = join(dataDir, 'alert-token');
  await writeFile(tokenFile, await platform.alertToken(namespace), { mode: 0o600 });
  if (api.caFile === undefined) throw new Error('the API of this lab is without TLS');
  await alertmanager.tell({ url: `${api.url}/api/v1/alerts`, caFile: api.caFile, tokenFile });
}

function alertmanagerOf({ lab }: OpenLab): Alertmanager {
  const { alertmanager } = lab.monitoring ?? {};
  if (alertmanager === undefined) throw new Error('this lab was opened without alerts');
  return alertmanager;
}

async function sessionsOf({ platform, namespace }: OpenLab): Promise<readonly DebugSession[]> {
  const args = ['get', 'debugsessions.threehops.dev', '--namespace', namespace, '--output', 'json'];
  // The API server validated them against the CRD.
  return (JSON.parse((await platform.controlPlane.kubectl(args)).stdout) as { items: DebugSession[] }).items;
}

/** What fires, and the last that Alertmanager has to say of itself. */
async function whyNot({ url, logFile }: Alertmanager): Promise<string> {
  const answer = await fetch(`${url}/api/v2/alerts`);
  // As Alertmanager documents it.
  const alerts = (await answer.json()) as readonly { readonly labels: Readonly<Record<string, string>> }[];
  if (alerts.length === 0) return 'no rule fires';
  const firing = alerts.map(({ labels }) => `${labels['alertname']} of ${labels['service']}`);
  const [last = ''] = (await readFile(logFile, 'utf8')).trimEnd().split('\n').slice(-1);
  return `${firing.join(', ')} ${firing.length === 1 ? 'fires' : 'fire'}; ${last}`;
}

/** Waits for the alerts of a session that has mended their cause; tells when they are over, or that they are not. */
export async function endOfAlerts(open: OpenLab, session: DebugSession, note: Note): Promise<void> {
  note('the fault is mended; its alerts are waited for to be over');
  const over = async (): Promise<true | undefined> => {
    open.signal.throwIfAborted();
    return (await alertResult(open, session)).resolved ? true : undefined;
  };
  const isOver = await until('the alerts to be over', over, resolvedMs, everyMs).catch(() => false);
  open.signal.throwIfAborted();
  note(isOver ? 'they are, and the session tells so' : 'they are not, or the session does not tell so');
}

export async function alertResult(open: OpenLab, { metadata: { name } }: DebugSession): Promise<AlertResult> {
  const sessions = await sessionsOf(open);
  const session = sessions.find(({ metadata }) => metadata.name === name);
  const notes = session === undefined ? [] : [...notesOf(session).values()];
  const alerts = notes.map(({ alertname, service, status }) => ({ alertname, service, status }));
  const resolved = alerts.length > 0 && alerts.every(({ status }) => status === 'resolved');
  return { alerts, sessions: sessions.length, resolved };
}
