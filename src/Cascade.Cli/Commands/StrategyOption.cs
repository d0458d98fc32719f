using System.CommandLine;
using Cascade.Cli.Fitting;
using Cascade.Planning.Selection;

namespace Cascade.Cli.Commands;

internal static class StrategyOption
{
    public static Option<string[]> Build() => new("--strategy")
    {
        Description = $"'{AutoChoice.StrategyName}', the default, fits all and takes the one that a test on data of its own chooses; one name fits that strategy; "
            + $"several are chosen among. A wrong name lists the right ones.",
        HelpName = "NAMES",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [AutoChoice.StrategyName],
        CustomParser = result =>
        {
            string[] names = [.. result.Tokens.SelectMany(token => OutcomeOptions.Names(token.Value))];
            foreach (var unknown in StrategySet.Unknown(names))
            {
                result.AddError($"--strategy is '{unknown}'; give {AutoChoice.StrategyName} or some of {StrategySet.Names}");
            }

            return names;
        },
    };
}
