import type { JsonObject } from '../../controller/api/json.ts';
import { listOf, objectOf, textOf } from './reading.ts';

/** `environment.NAME:set`, `:unset` or `:restore` for each variable of an action's parameters; an entry without a value restores one. */
export function variableDirections(given: JsonObject): readonly string[] {
  const directions = listOf(given['environment']).map((item) => {
    const { name, value } = objectOf(item);
    const way = value === undefined ? 'restore' : value === null ? 'unset' : 'set';
    return `environment.${textOf(name) ?? ''}:${way}`;
  });
  return directions.toSorted();
}

/** Of a change to a container. Sizes only ever grow, so their direction needs no look at what is live. */
export function containerDirection(given: JsonObject): string {
  const image = textOf(given['image']);
  return [
    ...(given['memory'] === undefined ? [] : ['memory:increase']),
    ...(given['cpu'] === undefined ? [] : ['cpu:increase']),
    ...(image === undefined ? [] : [`image:${image}`]),
    ...variableDirections(given),
  ].join('+');
}
