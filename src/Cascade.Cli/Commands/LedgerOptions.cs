using System.CommandLine;
using Cascade.Contracts;

namespace Cascade.Cli.Commands;

/// <summary>Options that the commands on ledgers share.</summary>
internal static class LedgerOptions
{
    public static Option<string> Account() => new("--account")
    {
        Description = "The account, with all accounts below it. Default: all.",
        HelpName = "PATH",
        CustomParser = result =>
        {
            var path = result.Tokens[0].Value;
            if (!AccountId.TryParse(path, out _, out var problem))
            {
                result.AddError($"--account: {problem}");
            }

            return path;
        },
    };
}
