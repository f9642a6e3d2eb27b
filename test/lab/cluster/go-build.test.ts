import { expect, test } from 'vitest';
import { goModOf } from './go-build.ts';

const ofKubernetes = `module k8s.io/kubernetes

go 1.26.0

require k8s.io/api v0.0.0

replace (
	k8s.io/api => ./staging/src/k8s.io/api
	example.org/forked => example.org/fork v1.0.0
)
replace k8s.io/kubectl => ./staging/src/k8s.io/kubectl
`;

const ofKwok = `module sigs.k8s.io/kwok

go 1.9.2

replace example.org/own => ./own
`;

test('folders of the repository become published modules, and nothing else is replaced', () => {
  const kubernetes = { path: 'k8s.io/kubernetes', version: 'v1.36.3', stagingVersion: 'v0.36.3' };
  const kwok = { path: 'sigs.k8s.io/kwok', version: 'v0.8.0' };
  expect(
    goModOf(
      [
        { module: kwok, goMod: ofKwok },
        { module: kubernetes, goMod: ofKubernetes },
      ],
      ['k8s.io/kubernetes/cmd/kubectl'],
    ),
  ).toBe(
    [
      'module threehops.local/build',
      'go 1.26.0',
      'tool k8s.io/kubernetes/cmd/kubectl',
      'require sigs.k8s.io/kwok v0.8.0',
      'require k8s.io/kubernetes v1.36.3',
      'replace k8s.io/api => k8s.io/api v0.36.3',
      'replace k8s.io/kubectl => k8s.io/kubectl v0.36.3',
      '',
    ].join('\n'),
  );
});
