import type { RunResult } from '../host/run-result.ts';
import { tableLines } from './table.ts';
import type { Teller } from './teller.ts';

/** The end of a run: the history as a table, the pull request, and what an onlooker sees. */
export function tellResult(teller: Teller, result: RunResult): void {
  const { ink, screen } = teller;
  teller.heading(`${result.outcome} after ${Math.round(result.seconds)} s`);
  for (const line of historyLines(teller, result)) screen.line(line);
  screen.line('');
  const { rootCause, pullRequest } = result;
  if (rootCause !== null && rootCause !== undefined) {
    const truth = result.causeIsTrue ? '' : ', which is not what is wrong';
    teller.labelled('root cause', `${rootCause.kind} at ${rootCause.node}${truth}`);
  }
  if (pullRequest !== null && pullRequest !== undefined) {
    teller.labelled(pullRequest.draft === true ? 'draft' : 'pull request', pullRequest.title ?? '');
    teller.labelled('', pullRequest.url ?? '', (text) => ink('underline', text));
  }
  tellAlerts(teller, result);
  const healed = result.healed ? 'yes' : 'no';
  teller.labelled('healed', `${healed}: ${result.seen}`, (text) => ink(result.healed ? 'green' : 'red', text));
}

function tellAlerts(teller: Teller, { alert }: RunResult): void {
  if (alert === undefined) return;
  const colour = alert.resolved && alert.sessions === 1 ? 'green' : 'red';
  const of = alert.alerts.map(({ alertname, service, status }) => `${alertname} of ${service}: ${status}`);
  const sessions = alert.sessions === 1 ? 'one session' : `${alert.sessions} sessions`;
  [...of, `${sessions} in all`].forEach((line, index) =>
    teller.labelled(index === 0 ? 'alerts' : '', line, (text) => teller.ink(colour, text)),
  );
}

function historyLines({ screen, ink }: Teller, { history }: RunResult): readonly string[] {
  if (history.length === 0) return ['No fix was tried.'];
  const columns = [
    { title: '#', share: 0 },
    { title: 'Diagnosis', share: 3 },
    { title: 'Action', share: 3 },
    { title: 'Commit', share: 0 },
    { title: 'CI', share: 0 },
    { title: 'Result', share: 2 },
  ];
  const rows = history.map(({ iteration, diagnosis, action, commit = '', gha = '', result }) => [
    String(iteration),
    diagnosis,
    action,
    commit.slice(0, 7),
    gha,
    result,
  ]);
  return tableLines(columns, rows, screen.width - 1, ink);
}
