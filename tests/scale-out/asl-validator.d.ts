declare module 'asl-validator' {
  /** Checks a definition in the Amazon States Language. */
  export default function aslValidator(definition: object): {
    readonly isValid: boolean;
    errorsText(separator?: string): string;
  };
}
