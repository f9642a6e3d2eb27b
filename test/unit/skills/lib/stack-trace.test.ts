import { describe, expect, it } from 'vitest';
import { topUserFrame } from '../../../../skills/lib/stack-trace.ts';

describe('the top frame in the user’s own code', () => {
  it('of JavaScript passes over dependencies and the runtime', () => {
    const stack = `Error: timeout exceeded when trying to connect
    at /srv/app/node_modules/pg-pool/index.js:45:11
    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)
    at async reconcile (/srv/app/src/batch.js:10:20)
    at async Timeout._onTimeout (/srv/app/src/batch.js:24:7)`;
    expect(topUserFrame(stack)).toEqual({
      language: 'JavaScript',
      function: 'reconcile',
      file: '/srv/app/src/batch.js',
      line: 10,
    });
  });

  it('of JavaScript modules has a path, not a URL', () => {
    expect(topUserFrame('TypeError: x\n    at file:///srv/app/src/main.mjs:3:1')).toMatchObject({
      file: '/srv/app/src/main.mjs',
      line: 3,
    });
  });

  it('of Python is the last one', () => {
    const trace = `Traceback (most recent call last):
  File "/app/main.py", line 8, in <module>
    run()
  File "/app/jobs/run.py", line 21, in run
    requests.get(url)
  File "/usr/lib/python3.12/site-packages/requests/api.py", line 73, in get
ConnectionError: refused`;
    expect(topUserFrame(trace)).toEqual({ language: 'Python', function: 'run', file: '/app/jobs/run.py', line: 21 });
  });

  it('of Java is told by its package', () => {
    const trace = `java.lang.IllegalStateException: no
\tat java.util.Optional.get(Optional.java:143)
\tat com.acme.pay.Ledger.post(Ledger.java:77)
\tat org.springframework.web.Servlet.run(Servlet.java:1)`;
    expect(topUserFrame(trace)).toMatchObject({
      language: 'Java',
      function: 'com.acme.pay.Ledger.post',
      file: 'Ledger.java',
      line: 77,
    });
  });

  it('of Go stands below its function', () => {
    const trace = `panic: nil\n\ngoroutine 1 [running]:\nruntime.panicmem(...)\n\t/usr/local/go/src/runtime/panic.go:260\nmain.settle(0x1)\n\t/app/settle.go:42 +0x1d`;
    expect(topUserFrame(trace)).toMatchObject({
      language: 'Go',
      function: 'main.settle',
      file: '/app/settle.go',
      line: 42,
    });
  });

  it('is none where there is no trace, or none of theirs', () => {
    expect(topUserFrame('payment at 10:30:15 failed')).toBeUndefined();
    expect(topUserFrame('Error: x\n    at run (node:internal/main:1:2)')).toBeUndefined();
  });
});
