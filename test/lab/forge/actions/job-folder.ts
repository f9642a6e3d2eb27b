import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of one job: its workspace, its home, and the files by which steps talk to the runner. */
export class JobFolder {
  readonly path: string;
  readonly workspace: string;
  readonly home: string;
  readonly temp: string;
  readonly #uid: number | undefined;

  constructor(path: string, repositoryName: string, uid: number | undefined) {
    this.path = path;
    this.workspace = join(path, repositoryName, repositoryName);
    this.home = join(path, 'home');
    this.temp = join(path, '_temp');
    this.#uid = uid;
  }

  async make(): Promise<void> {
    for (const folder of [this.workspace, this.home, this.temp]) mkdirSync(folder, { recursive: true });
    await this.giveAway();
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  /** Gives everything in it to the user that the steps run as. */
  async giveAway(): Promise<void> {
    if (this.#uid === undefined) return;
    const child = spawn('chown', ['-R', '-h', `${this.#uid}:${this.#uid}`, this.path], { stdio: 'ignore' });
    await new Promise<void>((resolve, reject) => child.once('error', reject).once('exit', () => resolve()));
  }

  /** Writes a file that the steps may read and write. */
  write(name: string, content: string): string {
    const file = join(this.temp, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    chmodSync(file, 0o666);
    return file;
  }

  /** Empty when a step removed it. */
  read(name: string): string {
    const file = join(this.temp, name);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }
}

/** Reads `NAME=value` lines and `NAME<<END` blocks, as GITHUB_ENV and GITHUB_OUTPUT hold them. */
export function parseCommandFile(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const block = /^([^=]+?)<<(.+)$/.exec(line);
    if (block !== null) {
      const end = lines.indexOf(block[2] ?? '', at + 1);
      values[block[1] ?? ''] = lines.slice(at + 1, end < 0 ? undefined : end).join('\n');
      at = end < 0 ? lines.length : end;
    } else if (line.includes('=')) values[line.slice(0, line.indexOf('='))] = line.slice(line.indexOf('=') + 1);
  }
  return values;
}
