import type { Answer } from '../http/answer.ts';
import { notFound } from '../http/answer.ts';
import type { RepositoryRequest } from '../http/request.ts';
import { read, type Route } from '../http/route.ts';
import { zip } from '../http/zip.ts';
import { jobOf, runOf } from './runs.ts';

/** Logs are not answered but redirected to, at an address that needs no token: clients must follow. */
export const logRoutes: readonly Route[] = [
  read('/actions/jobs/{job_id}/logs', (request) => {
    const { job } = jobOf(request);
    if (job.status === 'queued') throw notFound();
    return redirect(request, request.downloads.add('text/plain; charset=utf-8', Buffer.from(job.log.text)));
  }),
  read('/actions/runs/{run_id}/logs', (request) => {
    const run = runOf(request);
    if (run.status !== 'completed' || run.jobs.length === 0) throw notFound();
    const jobs = run.jobs.filter(({ attempt }) => attempt === run.attempt);
    const entries = jobs.flatMap(({ name, log }, index) => [
      { name: `${index}_${name}.txt`, content: Buffer.from(log.text) },
      ...log.sections.map((section, at) => ({
        name: `${name}/${at + 1}_${section.name.replaceAll('/', '')}.txt`,
        content: Buffer.from(section.text),
      })),
    ]);
    return redirect(request, request.downloads.add('application/zip', zip(entries)));
  }),
];

function redirect({ world }: RepositoryRequest, path: string): Answer {
  return { status: 302, headers: { location: `${world.url}${path}` } };
}
