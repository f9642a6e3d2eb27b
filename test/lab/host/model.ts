/** A model that the lab's operator may ask. */
export interface LabModel {
  /** Of the Messages API. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** Its id. */
  readonly model: string;
}

/** The variables that the SDK and its users know. Nothing of them is written down but in the lab's cluster. */
const names = { apiKey: 'ANTHROPIC_API_KEY', model: 'ANTHROPIC_MODEL', baseUrl: 'ANTHROPIC_BASE_URL' } as const;
const usualUrl = 'https://api.anthropic.com';

/** The model that the environment names; a sentence that says what is missing where there is none. */
export function modelIn(env: NodeJS.ProcessEnv): LabModel | string {
  const { [names.apiKey]: apiKey = '', [names.model]: model = '', [names.baseUrl]: baseUrl = usualUrl } = env;
  if (apiKey === '') return `there is no ${names.apiKey} in the environment`;
  if (model === '') return `there is no ${names.model} in the environment`;
  return { apiKey, model, baseUrl };
}

const secretName = 'threehops-model';

/** The operator's word for it. */
export function modelConfig({ baseUrl, model }: LabModel): object {
  return { secretRef: { name: secretName }, baseUrl, model };
}

export function modelSecret({ baseUrl, apiKey }: LabModel, namespace: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: secretName,
      namespace,
      labels: { 'threehops.dev/use': 'true' },
      annotations: { 'threehops.dev/allowed-hosts': new URL(baseUrl).hostname },
    },
    stringData: { apiKey },
  };
}
