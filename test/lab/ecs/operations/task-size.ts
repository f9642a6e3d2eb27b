import type { RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import { clientError } from '../protocol/ecs-error.ts';

const unitsPerCore = 1024;
const mebibytesPerGigabyte = 1024;

/** The task's own cpu and memory in CPU units and MiB, as ECS keeps them: `1 vCPU` and `2GB` may be asked for too. */
export function taskSize({ cpu, memory }: RegisterTaskDefinitionRequest): { cpu?: string; memory?: string } {
  return {
    ...(cpu === undefined ? {} : { cpu: inSmallUnit('cpu', cpu, 'vcpu', unitsPerCore) }),
    ...(memory === undefined ? {} : { memory: inSmallUnit('memory', memory, 'gb', mebibytesPerGigabyte) }),
  };
}

function inSmallUnit(member: string, text: string, largeUnit: string, size: number): string {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text);
  const unit = match?.[2]?.toLowerCase() ?? 'none';
  const value = Number(match?.[1]) * (unit === largeUnit ? size : 1);
  if ((unit === '' || unit === largeUnit) && Number.isInteger(value) && value > 0) return String(value);
  throw clientError(`Invalid '${member}' setting for task.`);
}
