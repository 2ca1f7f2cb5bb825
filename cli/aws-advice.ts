/** How to go on after what AWS, or the way there, said; undefined where the error says it itself. */
export function awsAdvice(error: Error, profile: string | undefined): string | undefined {
  const named = profile ? ` --profile ${profile}` : '';
  const code = 'code' in error ? String(error.code) : '';
  const { name, message } = error;
  if (/^(CredentialsProviderError|TokenProviderError)$/.test(name)) {
    if (/sso/i.test(message) && /expired|invalid|not found/i.test(message))
      return `your SSO session has ended: run \`aws sso login${named}\``;
    if (profile)
      return `no credentials in the profile ${JSON.stringify(profile)}: \`aws configure list-profiles\` lists those there are`;
    return 'no AWS credentials: run `aws configure` or `aws sso login`, or name a profile by --profile; --local needs none';
  }
  if (/^(ExpiredToken(Exception)?|RequestExpired)$/.test(name))
    return `your AWS credentials have expired: run \`aws sso login${named}\`, or get new ones where you got these`;
  if (/^(InvalidClientTokenId|UnrecognizedClientException|AuthFailure|InvalidAccessKeyId)$/.test(name))
    return `AWS does not know these credentials, or the account has not opted in to the Region: \`aws sts get-caller-identity${named}\` says whose they are`;
  if (/^(InvalidSignatureException|SignatureDoesNotMatch|RequestTimeTooSkewed)$/.test(name))
    return `AWS refuses the signature: the secret key is wrong, or this machine's clock is (it says ${new Date().toISOString()})`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `${message}: no such Region, or no network`;
  if (code === 'ECONNREFUSED') return `nothing answers there (AWS_ENDPOINT_URL?): ${message}`;
  return undefined;
}
