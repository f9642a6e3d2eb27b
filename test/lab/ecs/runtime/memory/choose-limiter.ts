import { cgroupLimiter } from './cgroup.ts';
import { makeLabCgroup } from './cgroup-location.ts';
import type { MemoryLimiter } from './limiter.ts';
import { polledLimiter } from './polled.ts';

/** Cgroups where we may make them, else limits that are polled; its `kind` says which it is. */
export function chooseLimiter(wanted: 'best' | 'polled'): MemoryLimiter {
  const location = wanted === 'best' ? makeLabCgroup() : undefined;
  return location === undefined ? polledLimiter() : cgroupLimiter(location);
}
