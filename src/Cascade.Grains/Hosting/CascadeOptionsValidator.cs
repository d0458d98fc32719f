using Microsoft.Extensions.Options;

namespace Cascade.Grains.Hosting;

/// <summary>Checks each limit for its range.</summary>
[OptionsValidator]
internal sealed partial class CascadeOptionsValidator : IValidateOptions<CascadeOptions>;

/// <summary>Checks the limits that depend on each other.</summary>
internal sealed class CascadeOptionsCrossValidator : IValidateOptions<CascadeOptions>
{
    public ValidateOptionsResult Validate(string? name, CascadeOptions options)
    {
        var problems = new List<string>();
        if (options.LeaseMargin >= options.LeaseLifetime)
        {
            problems.Add($"LeaseMargin is {options.LeaseMargin}; make it shorter than LeaseLifetime, {options.LeaseLifetime}");
        }

        if (options.ReportInterval * 2 >= options.LeaseLifetime - options.LeaseMargin)
        {
            problems.Add(
                $"ReportInterval is {options.ReportInterval}; make it less than half of what LeaseLifetime less LeaseMargin leaves, "
                + $"{options.LeaseLifetime - options.LeaseMargin}, so that a lease is renewed before it ends");
        }

        if (options.ReportInterval * 2 >= options.SliceLifetime)
        {
            problems.Add($"ReportInterval is {options.ReportInterval}; make it less than half of SliceLifetime, {options.SliceLifetime}");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
