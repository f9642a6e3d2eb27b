import { Dice } from './dice.ts';
import { files, hashes, prose, shells, webAccess } from './formats-access.ts';
import { cloudTokens, cloudValues } from './formats-cloud.ts';
import { ownValues } from './formats-own.ts';
import { serviceTokens, serviceValues } from './formats-services.ts';
import { databases, keys, kubernetes } from './formats-whole.ts';
import { barePlaces, namedPlaces, type Place } from './places.ts';
import type { NamedFormat, Specimen, TokenFormat, WholeFormat } from './specimen.ts';
import { type Case, transforms } from './transforms.ts';

const tokens: readonly TokenFormat[] = [...cloudTokens, ...serviceTokens];
const named: readonly NamedFormat[] = [...cloudValues, ...serviceValues, ...ownValues];
const whole: readonly WholeFormat[] = [
  ...databases,
  ...keys,
  ...kubernetes,
  ...webAccess,
  ...files,
  ...shells,
  ...prose,
  ...hashes,
];

function tokenSpecimens(dice: Dice): readonly Specimen[] {
  return tokens.flatMap(({ kind, make, secret = (value) => value }) =>
    dice.some(barePlaces, 4).map(({ where, put }) => {
      const value = make(dice);
      return { kind, where, text: put('', value, dice), secret: secret(value) };
    }),
  );
}

function namedSpecimen(kind: string, name: string, value: string, place: Place, dice: Dice): Specimen {
  const { where, put, spell = (same: string) => same } = place;
  return { kind, where, text: put(name, value, dice), secret: spell(value) };
}

function namedSpecimens(dice: Dice): readonly Specimen[] {
  // Each place in turn, so that all of them are seen.
  let turn = dice.int(0, namedPlaces.length);
  const next = (): Place => namedPlaces[(turn += 1) % namedPlaces.length] ?? dice.pick(namedPlaces);
  return named.flatMap(({ kind, names, make }) =>
    names.flatMap((name) => [0, 1].map(() => namedSpecimen(kind, name, make(dice), next(), dice))),
  );
}

function wholeSpecimens(dice: Dice): readonly Specimen[] {
  return whole.flatMap(({ kind, make }) => make(dice).map((planted) => ({ kind, ...planted })));
}

/** Secrets in surroundings as they are found in the wild; the same for the same seed. */
export function plantedSecrets(seed: number): readonly Specimen[] {
  const dice = new Dice(seed);
  return [...tokenSpecimens(dice), ...namedSpecimens(dice), ...wholeSpecimens(dice)];
}

/** Each of them in each form that it can come in. */
export function casesOf(specimens: readonly Specimen[], seed: number): readonly Case[] {
  const dice = new Dice(seed);
  return specimens.flatMap((specimen) =>
    Object.entries(transforms).flatMap(([transform, apply]) => {
      const made = apply(specimen, dice);
      const { kind, where } = specimen;
      return made === undefined ? [] : [{ kind, where, transform, ...made }];
    }),
  );
}
