import { describe, expect, it } from 'vitest';
import { examine } from '../../../controller/reasoning/examine.ts';
import { ago, BundleBuilder } from '../../helpers/bundle-builder.ts';
import { diagnose, untried } from './stub-skills.ts';

const minutes = 120;
const incident = 5;

/** Two hours of a level with a little noise, the last five minutes higher by `more`. */
function course(level: number, more = 0, noise = 0.03): readonly number[] {
  return Array.from({ length: minutes }, (_, index) => {
    const wave = 1 + noise * Math.sin(index * 2.3) * Math.cos(index * 0.7);
    return level * wave + (index >= minutes - incident ? more : 0);
  });
}

function services(): BundleBuilder {
  const world = new BundleBuilder();
  for (const name of ['front', 'middle', 'back']) world.service(name).self(name, 'run', 'compute');
  return world.edge('front', 'middle', 'Calls');
}

function row(): BundleBuilder {
  return services().edge('middle', 'back', 'Calls');
}

function ranked(world: BundleBuilder, symptom = 'front'): readonly string[] {
  const bundle = world.build(symptom, 1, ago(incident * 60 - 30));
  const knowledge = { skills: new Map<never, never>(), actions: new Map<never, never>() };
  return examine(bundle, untried, knowledge)
    .ranked.filter((one) => !one.unseen)
    .map(({ unit }) => unit);
}

describe('a ranking by series alone', () => {
  it('names the one where the time is lost, not those who wait for it', () => {
    const world = row()
      .series('front/run', 'Latency', 's', course(0.3, 0.2))
      .series('middle/run', 'Latency', 's', course(0.2, 0.2))
      .series('back/run', 'Latency', 's', course(0.1, 0.2));
    expect(ranked(world)).toEqual(['back', 'middle', 'front']);
  });

  it('takes no longer where the symptom is said to be ages old: nothing was measured before, so there is nothing to compare', () => {
    const world = row()
      .series('front/run', 'Latency', 's', course(0.3, 0.2))
      .series('back/run', 'Latency', 's', course(0.1, 0.2));
    const knowledge = { skills: new Map<never, never>(), actions: new Map<never, never>() };
    const examined = (since: string) =>
      examine(world.build('front', 1, since), untried, knowledge).ranked.map(({ unit }) => unit);
    // Of steps of a minute these are a thousand million.
    expect(examined('0001-01-01T00:00:00Z')).toEqual(examined(ago(minutes * 60 + 60)));
  });

  it('names the one in the middle where what is below lost only a little', () => {
    const world = row()
      .series('front/run', 'Latency', 's', course(0.3, 0.2))
      .series('middle/run', 'Latency', 's', course(0.2, 0.2))
      .series('back/run', 'Latency', 's', course(0.1, 0.02));
    expect(ranked(world)[0]).toBe('middle');
  });

  it('weighs by calls: much lost in few calls is little', () => {
    const world = row()
      .series('front/run', 'Latency', 's', course(0.3, 0.2))
      .series('front/run', 'Traffic', 'requests', course(1000))
      .series('middle/run', 'Latency', 's', course(0.2, 0.2))
      .series('middle/run', 'Traffic', 'requests', course(1000))
      .series('back/run', 'Latency', 's', course(0.1, 0.3))
      .series('back/run', 'Traffic', 'requests/s', course(1));
    expect(ranked(world)[0]).toBe('middle');
  });

  it('follows failed calls by availability', () => {
    const world = row()
      .series('front/run', 'Availability', '%', course(100, -4, 0))
      .series('middle/run', 'Availability', '%', course(100, -4, 0))
      .series('back/run', 'Availability', '%', course(100, 0, 0));
    expect(ranked(world)).toEqual(['middle', 'front']);
  });

  it('does not blame what its caller only just began to call', () => {
    const world = row()
      .series('front/run', 'Availability', '%', course(100, -20, 0))
      .series('middle/run', 'Availability', '%', course(100, -20, 0))
      .series('back/run', 'Availability', '%', course(0, 0, 0).slice(-incident + 1));
    expect(ranked(world)[0]).toBe('middle');
  });

  it('does not lose sight of one whose values are missing just when it mattered', () => {
    const isLost = (index: number): boolean => index === minutes - 3 || index === minutes - 2;
    const holes = course(0.2, 0.2).map((value, index) => (isLost(index) ? Number.NaN : value));
    const others = course(0.3, 0.2).map((value, index) =>
      index >= minutes - incident && !isLost(index) ? 0.3 : value,
    );
    const world = row().series('front/run', 'Latency', 's', others).series('middle/run', 'Latency', 's', holes);
    expect(ranked(world)[0]).toBe('middle');
  });

  it('names nothing where nothing departs from what is usual', () => {
    const world = row();
    for (const name of ['front', 'middle', 'back']) world.series(`${name}/run`, 'Latency', 's', course(0.2, 0, 0.1));
    expect(ranked(world)).toEqual([]);
  });

  it('says nothing by too short a past', () => {
    const world = row();
    for (const name of ['front', 'middle']) world.series(`${name}/run`, 'Latency', 's', course(0.2, 0.5).slice(-12));
    expect(ranked(world)).toEqual([]);
  });
});

/** A front without series of its own, which calls two others. */
function unmeasured(): BundleBuilder {
  return services().edge('front', 'back', 'Calls');
}

describe('a ranking where the symptom’s unit is not measured', () => {
  it('names what left its own normal furthest, in whatever it is measured in', () => {
    const world = unmeasured()
      .series('middle/run', 'Traffic', 'requests', course(1000, -100))
      .series('back/run', 'Latency', 's', course(0.1, 0.2));
    expect(ranked(world)).toEqual(['back', 'middle']);
  });

  it('names who runs short of something before who is only slow', () => {
    const world = unmeasured()
      .series('middle/run', 'Latency', 's', course(0.1, 0.3))
      .series('back/run', 'Latency', 's', course(0.1, 0.2))
      .series('back/run', 'Saturation', '%', course(40, 30));
    expect(ranked(world)).toEqual(['back', 'middle']);
  });

  it('takes for no harm what falls and is better for it, nor one odd point, nor what began after the rest', () => {
    const odd = course(40).with(-2, 400);
    const late = course(40).map((value, index) => (index >= minutes - 1 ? value + 400 : value));
    const world = unmeasured()
      .series('middle/run', 'Latency', 's', course(0.1, -0.05))
      .series('back/run', 'Saturation', '%', odd);
    expect(ranked(world)).toEqual([]);
    world.series('middle/run', 'Saturation', '%', course(40, 20)).series('back/run', 'Saturation', 'B', late);
    expect(ranked(world)[0]).toBe('middle');
  });

  it('says nothing of ordinary times, nor by too short a past', () => {
    const ordinary = unmeasured();
    for (const name of ['middle', 'back']) ordinary.series(`${name}/run`, 'Saturation', '%', course(40, 0, 0.1));
    expect(ranked(ordinary)).toEqual([]);
    expect(ranked(unmeasured().series('back/run', 'Saturation', '%', course(40, 30).slice(-20)))).toEqual([]);
  });

  it('does not name what no finding tells of', async () => {
    const world = unmeasured()
      .finding('front/run', 'http.Slow', 'Critical', 280)
      .series('back/run', 'Saturation', '%', course(40, 50));
    expect(ranked(world)[0]).toBe('back');
    expect((await diagnose(world.build('front', 1, ago(incident * 60 - 30)))).rootCause?.node).toBe('front/run');
  });
});

describe('series beside findings', () => {
  it('tell which of two ill dependencies did the harm', async () => {
    const world = (one: number, other: number) =>
      services()
        .edge('front', 'back', 'Calls')
        .finding('front/run', 'http.Slow', 'Critical', 280)
        .finding('middle/run', 'http.Slow', 'Warning', 285)
        .finding('back/run', 'http.Slow', 'Warning', 285)
        .series('front/run', 'Latency', 's', course(0.3, 0.2))
        .series('middle/run', 'Latency', 's', course(0.2, one))
        .series('back/run', 'Latency', 's', course(0.1, other));
    expect((await diagnose(world(0.2, 0.01).build('front'))).rootCause?.node).toBe('middle/run');
    expect((await diagnose(world(0.01, 0.2).build('front'))).rootCause?.node).toBe('back/run');
  });

  it('never name a unit that has no finding to cite', async () => {
    const world = row()
      .finding('front/run', 'http.Slow', 'Critical', 280)
      .series('front/run', 'Latency', 's', course(0.3, 0.2))
      .series('back/run', 'Latency', 's', course(0.1, 0.2));
    expect((await diagnose(world.build('front'))).rootCause?.node).toBe('front/run');
  });
});
