import { isDefined, numberOf } from '../lib/reading.ts';
import type { Remedy } from '../skill.ts';
import { setTimeoutActionId } from './actions/set-visibility-timeout.ts';

/** How many times what a message takes at most: a slow one, a batch or a retry within the consumer must still fit. */
const margin = 3;
/** Where that is not known, the timeout is made so many times longer. */
const blindFactor = 4;
const longest = 43_200;

/** Messages come back to others while they are still worked on. */
const raiseVisibilityTimeout: Remedy = {
  id: 'aws-sqs.raise-visibility-timeout',
  forKinds: ['aws-sqs.VisibilityTimeoutShort'],
  cause: 'aws-sqs.VisibilityTimeoutTooShort',
  propose({ findings }) {
    const short = findings.find(({ kind }) => kind === 'aws-sqs.VisibilityTimeoutShort');
    const timeout = short?.value;
    if (timeout === undefined) return [];
    const takes = numberOf(short?.facts?.['processingSeconds']);
    const seconds = Math.min(longest, takes === undefined ? Math.max(1, timeout) * blindFactor : takes * margin);
    if (seconds <= timeout) return [];
    const why = takes === undefined ? 'messages come back before they are done' : `a message takes up to ${takes} s`;
    const rationale = `${why}, and is hidden from others for ${timeout} s: hide it for ${seconds} s`;
    return [{ action: setTimeoutActionId, parameters: { seconds }, rationale, fitness: isDefined(takes) ? 0.85 : 0.5 }];
  },
};

/**
 * Named so that a diagnosis can blame it. What heals it is whoever sends or handles such messages: to hand them out once more while
 * that is not mended only kills them again.
 */
const poison: Remedy = {
  id: 'aws-sqs.find-poison',
  forKinds: ['aws-sqs.DeadLettersGrowing'],
  cause: 'aws-sqs.PoisonMessages',
  propose: () => [],
};

/** Named so that a diagnosis can blame it. Whether anybody relies on the delay only its owners know. */
const delay: Remedy = {
  id: 'aws-sqs.shorten-delay',
  forKinds: ['aws-sqs.DeliveryDelayed'],
  cause: 'aws-sqs.DelayTooLong',
  propose: () => [],
};

export const remedies: readonly Remedy[] = [raiseVisibilityTimeout, poison, delay];
