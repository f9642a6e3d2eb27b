import type { World } from '../world/world.ts';

const allowedHost = '127.0.0.1';

/** Name of each Secret, and what it holds: reading and writing apart wherever the system knows the difference. */
export function secretsOf(world: World, namespace: string): readonly object[] {
  const aws = { accessKeyId: 'lab', secretAccessKey: 'lab-secret-access-key' };
  const { reader, operator } = world.logins;
  const data: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    [secretNames.aws]: aws,
    [secretNames.githubRead]: { token: world.forge.tokens.read },
    [secretNames.githubWrite]: { token: world.forge.tokens.write },
    [secretNames.postgresRead]: loginOf(reader),
    [secretNames.postgresWrite]: loginOf(operator),
    ...(world.catalog === undefined ? {} : { [secretNames.kubernetes]: { token: world.catalog.token } }),
  };
  return Object.entries(data).map(([name, stringData]) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name,
      namespace,
      labels: { 'threehops.dev/use': 'true' },
      annotations: { 'threehops.dev/allowed-hosts': allowedHost },
    },
    stringData,
  }));
}

export const secretNames = {
  aws: 'aws',
  githubRead: 'github-read',
  githubWrite: 'github-write',
  postgresRead: 'postgres-read',
  postgresWrite: 'postgres-write',
  kubernetes: 'kubernetes',
} as const;

type Credentials = {
  readonly skill: string;
  readonly access: 'Read' | 'Write';
  readonly secretRef: { readonly name: string };
}[];

/** The `credentials` block of each map, by the servers that the skills use. */
export const mapCredentials: Credentials = [
  ...['aws-ecs', 'aws-lambda', 'cloudwatch', 'aws-sqs', 'aws-elasticache'].flatMap((server) =>
    both(server, secretNames.aws, secretNames.aws),
  ),
  ...both('github', secretNames.githubRead, secretNames.githubWrite),
  ...both('postgres', secretNames.postgresRead, secretNames.postgresWrite),
];

/** The same for a map with a node on Kubernetes. */
export const kubernetesCredentials: Credentials = [
  ...mapCredentials,
  ...both('kubernetes', secretNames.kubernetes, secretNames.kubernetes),
];

function loginOf({ user, password }: { user: string; password: string }): Readonly<Record<string, string>> {
  return { username: user, password };
}

function both(skill: string, read: string, write: string): Credentials {
  return [
    { skill, access: 'Read', secretRef: { name: read } },
    { skill, access: 'Write', secretRef: { name: write } },
  ];
}
