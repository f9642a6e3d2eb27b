import type { ServiceTopology, ToolServer } from '../../api/kinds.ts';
import { allowedHostsAnnotation, useLabel } from '../../mcp/secrets.ts';
import type { Document } from './documents.ts';
import type { Kustomized } from './kustomize.ts';
import { type Declared, declared, objectOf } from './objects.ts';
import type { Problem } from './problem.ts';

/** Secrets among the documents that maps or servers name, and that the operator would refuse. Most repositories hold none. */
export function secretFaults(
  documents: readonly Document[],
  objects: readonly Declared[],
  where: { readonly kustomized: Kustomized; readonly namespace: string },
): readonly Problem[] {
  const used = new Set(objects.filter(({ readable }) => readable).flatMap(secretsOf));
  const secrets = documents.filter(({ value }) => value['kind'] === 'Secret' && value['apiVersion'] === 'v1');
  return secrets.flatMap((document) => {
    const { metadata } = declared(document, undefined, where);
    if (!used.has(`${metadata.namespace}/${metadata.name}`)) return [];
    return [
      ...(metadata.labels?.[useLabel] === 'true'
        ? []
        : [problem(document, metadata, `lacks the label ${useLabel}: 'true'`)]),
      ...(/[\w*]/.test(metadata.annotations?.[allowedHostsAnnotation] ?? '')
        ? []
        : [problem(document, metadata, `names no host in its annotation ${allowedHostsAnnotation}`)]),
    ];
  });
}

function secretsOf(object: Declared): readonly string[] {
  const { namespace } = object.metadata;
  if (object.kind === 'ServiceTopology') {
    const { credentials = [] } = objectOf<ServiceTopology>(object).spec;
    return credentials.map(({ secretRef }) => `${namespace}/${secretRef.name}`);
  }
  if (object.kind !== 'ToolServer') return [];
  const name = objectOf<ToolServer>(object).spec.credentials?.secretRef.name;
  return name === undefined ? [] : [`${namespace}/${name}`];
}

function problem(document: Document, { namespace, name }: Declared['metadata'], message: string): Problem {
  const place = document.placeOf('/metadata') ?? { line: 1, column: 1 };
  const object = `Secret ${namespace}/${name}`;
  return { file: document.file, ...place, severity: 'Error', object, field: 'metadata', message };
}
