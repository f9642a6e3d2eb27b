/** What a session asks after a deploy: is it at rest, and which commit runs? See `rolloutOf` for shapes and errors. */
export { rolloutOf, type Rollout, type RunningImage } from '../lib/ecs/rollout.ts';
