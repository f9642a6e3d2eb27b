import { afterEach } from 'vitest';
import { SessionWorld, type SessionWorldOptions } from '../session-world.ts';

/** Worlds for the tests of one file; after each test every one that it made must be clean. */
export function cleanWorlds(): (options: SessionWorldOptions) => SessionWorld {
  const worlds: SessionWorld[] = [];
  afterEach(() => {
    for (const world of worlds.splice(0)) world.assertClean();
  });
  return (options) => {
    const world = new SessionWorld(options);
    worlds.push(world);
    return world;
  };
}
