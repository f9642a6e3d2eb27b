// Generated from crds/threehops.dev_evidences.yaml by npm run generate. Do not edit.

export const evidenceResource = {
  group: 'threehops.dev',
  version: 'v1alpha1',
  plural: 'evidences',
  kind: 'Evidence',
  namespaced: true,
} as const;

/**
 * The chunk; immutable.
 */
export interface EvidenceSpec {
  /**
   * Name of the session.
   */
  sessionName: string;
  /**
   * UID of the session.
   */
  sessionUID: string;
  /**
   * The iteration it was made in.
   */
  iteration: number;
  /**
   * What it is.
   */
  content: 'Bundle' | 'Plan' | 'Report' | 'Attachment' | 'Diagnosis' | 'Consultation';
  /**
   * SHA-256 of the whole content, canonical JSON, in hexadecimal.
   */
  digest: string;
  /**
   * Position of this chunk.
   */
  chunk: number;
  /**
   * How many there are.
   */
  chunks: number;
  /**
   * The chunk of the gzip-compressed content, base64.
   */
  data: string;
}
