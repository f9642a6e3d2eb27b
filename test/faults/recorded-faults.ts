import { faults } from '../lab/faults/catalogue.ts';
import type { Fault } from '../lab/faults/fault.ts';
import { hasRecording, recordingsFolder } from './recording.ts';

/** The faults of the catalogue that have been run and recorded once; the suites take these. The others are run by hand until they are. */
export const recordedFaults: readonly Fault[] = faults.filter(({ name }) => hasRecording(recordingsFolder, name));
