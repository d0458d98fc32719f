namespace Cascade.Server.Gateway.Errors;

/// <summary>One row of the error table.</summary>
/// <param name="HttpStatus">The HTTP status.</param>
/// <param name="Type">OpenAI's <c>error.type</c>.</param>
/// <param name="Code">OpenAI's <c>error.code</c>; programs branch on it, so it never changes.</param>
/// <param name="RetryAfterSeconds">What <c>Retry-After</c> says; null when waiting does not help, or only until a known moment.</param>
internal sealed record ErrorKind(int HttpStatus, string Type, string Code, int? RetryAfterSeconds = null);
