using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Cascade.Cli.Commands;

/// <summary>Options that several commands take. Each error names its option and the repair.</summary>
internal static class CommonOptions
{
    public const string UrlVariable = "CASCADE_URL";
    public const string KeyVariable = "CASCADE_KEY";
    public const string DefaultUrl = "http://127.0.0.1:8080";

    public static Option<Uri> Url() => new("--url")
    {
        Description = $"Where the gateway is. Default: ${UrlVariable}, else {DefaultUrl}.",
        HelpName = "URL",
        DefaultValueFactory = result => ReadUrl(result, Environment.GetEnvironmentVariable(UrlVariable) is { Length: > 0 } url ? url : DefaultUrl),
        CustomParser = result => ReadUrl(result, result.Tokens[0].Value),
    };

    public static Option<string> Key() => new("--key")
    {
        Description = $"The API key of the account. Default: ${KeyVariable}, which keeps it out of the list of processes.",
        HelpName = "KEY",
    };

    /// <summary>The key that is given, else that of the environment. It is no default value of the option, because help prints those.</summary>
    public static string KeyOf(ParseResult parsed, Option<string> option)
    {
        var key = parsed.GetValue(option) is { Length: > 0 } given ? given : Environment.GetEnvironmentVariable(KeyVariable);
        return string.IsNullOrWhiteSpace(key)
            ? throw new CliException(ExitCodes.BadUsage, $"--key is missing; give --key KEY, or set the variable {KeyVariable}. See --help.")
            : key;
    }

    public static Option<bool> Json() => new("--json") { Description = "Print JSON on standard output and nothing else." };

    public static Option<int> Whole(string name, string helpName, string description, int standard, int least, int most) => new(name)
    {
        Description = $"{description} {least} to {most}.",
        HelpName = helpName,
        DefaultValueFactory = _ => standard,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (!int.TryParse(text, CultureInfo.InvariantCulture, out var number) || number < least || number > most)
            {
                result.AddError($"{name} is '{text}'; give a whole number from {least} to {most}");
            }

            return number;
        },
    };

    public static Option<string> Text(string name, string helpName, string description, string standard) => new(name)
    {
        Description = description,
        HelpName = helpName,
        DefaultValueFactory = _ => standard,
    };

    /// <summary>An option's value for a rule about several options; the default where the option itself is wrong, which is reported anyway.</summary>
    public static T? ValueOrDefault<T>(this CommandResult result, Option<T> option)
    {
        try
        {
            return result.GetValue(option);
        }
        catch (InvalidOperationException)
        {
            // The library has no question to ask before: a value that its parser refused throws here, with the error that is reported for it.
            return default;
        }
    }

    private static Uri ReadUrl(ArgumentResult result, string text)
    {
        if (Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
        {
            return url;
        }

        result.AddError($"--url is '{text}'; give an absolute address, for example {DefaultUrl}");
        return new Uri(DefaultUrl);
    }
}
