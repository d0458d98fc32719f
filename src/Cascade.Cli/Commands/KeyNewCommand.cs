using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using Cascade.Contracts;

namespace Cascade.Cli.Commands;

internal static class KeyNewCommand
{
    public static Command Build(CliHost host)
    {
        var json = CommonOptions.Json();
        var command = new Command(
            "new",
            "Makes a key from 32 random bytes and prints it with its hash. Give the key to the caller; put the hash under "
            + "Cascade:Accounts:NAME:KeyHashes. The key is kept nowhere and cannot be shown again.") { json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var key = ApiKeys.Generate(RandomNumberGenerator.GetBytes(ApiKeys.EntropyBytes));
            var text = parsed.GetValue(json)
                ? JsonSerializer.Serialize(new { key, hash = ApiKeys.Hash(key) }, CliJson.Options)
                : $"key   {key}\nhash  {ApiKeys.Hash(key)}";
            await host.Output.WriteLineAsync(text.AsMemory(), cancellationToken);
            return ExitCodes.Done;
        });
        return command;
    }
}
