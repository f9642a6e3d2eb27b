import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pythonVenv, readRequirements, type PythonVenv, type VenvOptions } from './python.ts';

/** The first run ever installs some 600 MB: a minute or two. */
export const mcpServersMs = 600_000;

/** The best-known MCP servers for ECS, CloudWatch, SQS, ElastiCache and Prometheus, in one virtual environment. */
export function mcpServersVenv(options: VenvOptions): Promise<PythonVenv> {
  return pythonVenv('mcp-servers', requirementsIn('mcp-servers.txt'), options);
}

/** Those for PostgreSQL and Redis. Their own pins exclude each other, so none but the listed packages are installed. */
export function databaseMcpServersVenv(options: VenvOptions): Promise<PythonVenv> {
  const requirements = requirementsIn('postgres-redis-mcp-servers.txt');
  return pythonVenv('postgres-redis-mcp-servers', requirements, {
    ...options,
    minimum: '3.12',
    pipOptions: ['--no-deps'],
  });
}

function requirementsIn(file: string): string[] {
  return readRequirements(new URL(`requirements/${file}`, import.meta.url));
}

/** The environment of an awslabs server; it wants a profile file even where keys are given, and writes its one into `folder`. */
export function awslabsEnvironment(
  folder: string,
  env: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  mkdirSync(folder, { recursive: true });
  const profile = join(folder, 'aws-profile');
  writeFileSync(profile, '[default]\naws_access_key_id = testing\naws_secret_access_key = testing\n');
  return {
    ...env,
    AWS_CONFIG_FILE: profile,
    AWS_SHARED_CREDENTIALS_FILE: profile,
    AWS_EC2_METADATA_DISABLED: 'true',
    FASTMCP_LOG_LEVEL: 'ERROR',
  };
}
