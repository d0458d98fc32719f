using Microsoft.Extensions.Options;

namespace Cascade.Client;

internal sealed class CascadeClientOptionsValidator : IValidateOptions<CascadeClientOptions>
{
    public ValidateOptionsResult Validate(string? name, CascadeClientOptions options) =>
        options.Problem() is { } problem
            ? ValidateOptionsResult.Fail($"{nameof(CascadeClientOptions)}: {problem}")
            : ValidateOptionsResult.Success;
}
