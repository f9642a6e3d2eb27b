import type { Cause, Diagnosis } from '../../reasoning/reasoner.ts';
import { redact } from '../../redaction/redact.ts';

/** A diagnosis whose words are a model's own: redacted as those of any system. What a fix is made of stays as it is, for the review gate. */
export function inSafeWords({ rootCause, fix, ...diagnosis }: Diagnosis): Diagnosis {
  return {
    ...diagnosis,
    ...(rootCause === undefined ? {} : { rootCause: safeCause(rootCause) }),
    claims: diagnosis.claims.map(({ text, findings }) => ({ text: redact(text), findings })),
    gaps: diagnosis.gaps.map(redact),
    ...(fix === undefined ? {} : { fix: { ...fix, rationale: redact(fix.rationale) } }),
    alternatives: diagnosis.alternatives.map(safeCause),
  };
}

function safeCause(cause: Cause): Cause {
  return { ...cause, summary: redact(cause.summary) };
}
