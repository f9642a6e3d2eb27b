import { expect, test } from 'vitest';
import { goModOf } from './go-build.ts';
import { programs } from './programs.ts';

const ofKubernetes = `module k8s.io/kubernetes

go 1.26.0

require k8s.io/api v0.0.0

replace (
	k8s.io/api => ./staging/src/k8s.io/api
	example.org/forked => example.org/fork v1.0.0
)
replace k8s.io/kubectl => ./staging/src/k8s.io/kubectl
`;

test('folders of the repository become published modules, and nothing else is replaced', () => {
  expect(goModOf(programs.kubectl.program, ofKubernetes)).toBe(
    [
      'module threehops.local/build',
      'go 1.26.0',
      'tool k8s.io/kubernetes/cmd/kubectl',
      'require k8s.io/kubernetes v1.36.3',
      'replace k8s.io/api => k8s.io/api v0.36.3',
      'replace k8s.io/kubectl => k8s.io/kubectl v0.36.3',
      '',
    ].join('\n'),
  );
});
