import { applyEdits, type JSONPath, modify, parse } from 'jsonc-parser';
import type { Json } from '../../../controller/api/json.ts';
import { formattingOf } from '../../lib/json-format.ts';
import { listOf, numberOf, objectOf, textOf } from '../../lib/reading.ts';

/** The values that a definition file should have; undefined leaves a field alone, null in `environment` unsets. */
export interface ManifestChanges {
  readonly container: string;
  readonly containerMemory?: number;
  readonly taskMemory?: number;
  readonly containerCpu?: number;
  readonly taskCpu?: number;
  /** Written only where the file names this image literally: a build usually fills it in. */
  readonly image?: { readonly from: string; readonly to: string };
  readonly environment?: readonly { readonly name: string; readonly value: string | null }[];
}

/** The new text; `unchanged` when the file already says so; `unreadable` when it is no task definition in JSON. */
export type ManifestEdit = { readonly text: string } | 'unchanged' | 'unreadable';

/**
 * Writes the changes into the text of a task definition as `register-task-definition --cli-input-json` takes it (at the top or
 * under `taskDefinition`), touching only the values that change: formatting, key order and comments stay.
 */
export function editManifest(text: string, changes: ManifestChanges): ManifestEdit {
  const editor = openManifest(text, changes.container);
  if (editor === undefined) return 'unreadable';
  const { root, container } = editor;
  editor.raise([...container, 'memory'], changes.containerMemory);
  editor.raise([...root, 'memory'], changes.taskMemory);
  editor.raise([...container, 'cpu'], changes.containerCpu);
  editor.raise([...root, 'cpu'], changes.taskCpu);
  if (changes.image !== undefined && editor.read([...container, 'image']) === changes.image.from) {
    editor.write([...container, 'image'], changes.image.to);
  }
  for (const { name, value } of changes.environment ?? []) setVariable(editor, name, value);
  const edited = editor.text();
  return edited === text ? 'unchanged' : { text: edited };
}

interface Editor {
  readonly root: JSONPath;
  readonly container: JSONPath;
  read(path: JSONPath): Json | undefined;
  write(path: JSONPath, value: Json | undefined): void;
  insert(path: JSONPath, value: Json): void;
  /** Sets a size, as a string where it is one, unless the file already gives as much. */
  raise(path: JSONPath, value: number | undefined): void;
  text(): string;
}

function openManifest(original: string, containerName: string): Editor | undefined {
  let text = original;
  const formattingOptions = formattingOf(original);
  const read = (path: JSONPath): Json | undefined => valueAt(parse(text) as Json | undefined, path);
  const write = (path: JSONPath, value: Json | undefined): void => {
    text = applyEdits(text, modify(text, path, value, { formattingOptions }));
  };
  const root: JSONPath = listOf(read(['containerDefinitions'])).length > 0 ? [] : ['taskDefinition'];
  const index = containerIndex(listOf(read([...root, 'containerDefinitions'])), containerName);
  if (index === undefined) return undefined;
  return {
    root,
    container: [...root, 'containerDefinitions', index],
    read,
    write,
    insert(path, value) {
      text = applyEdits(text, modify(text, path, value, { formattingOptions, isArrayInsertion: true }));
    },
    raise(path, value) {
      const present = read(path);
      if (value === undefined || (numberOf(present) ?? 0) >= value) return;
      write(path, typeof present === 'string' ? String(value) : value);
    },
    text: () => text,
  };
}

/** The container of that name, else the only one there is. */
function containerIndex(containers: readonly Json[], name: string): number | undefined {
  const index = containers.findIndex((one) => objectOf(one)['name'] === name);
  if (index >= 0) return index;
  return containers.length === 1 ? 0 : undefined;
}

function valueAt(value: Json | undefined, path: JSONPath): Json | undefined {
  return path.reduce<Json | undefined>(
    (at, key) => (typeof key === 'number' ? listOf(at)[key] : objectOf(at)[key]),
    value,
  );
}

function setVariable(editor: Editor, name: string, value: string | null): void {
  const path = [...editor.container, 'environment'];
  const variables = listOf(editor.read(path));
  const index = variables.findIndex((one) => objectOf(one)['name'] === name);
  if (value === null) {
    if (index >= 0) editor.write([...path, index], undefined);
    return;
  }
  if (index >= 0) {
    if (textOf(objectOf(variables[index])['value']) !== value) editor.write([...path, index, 'value'], value);
  } else if (editor.read(path) === undefined) {
    editor.write(path, [{ name, value }]);
  } else {
    editor.insert([...path, variables.length], { name, value });
  }
}
