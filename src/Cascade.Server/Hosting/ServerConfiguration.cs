namespace Cascade.Server.Hosting;

/// <summary>Gathers the configuration: files in the order given, then environment variables, then the command line; the last one wins.</summary>
internal static class ServerConfiguration
{
    public static IConfigurationRoot? Load(ServerArguments arguments, List<string> problems)
    {
        foreach (var missing in arguments.ConfigFiles.Where(file => !File.Exists(file)))
        {
            problems.Add($"--config: there is no file '{missing}'; correct the path");
        }

        if (problems.Count > 0)
        {
            return null;
        }

        var builder = new ConfigurationBuilder();
        foreach (var file in arguments.ConfigFiles)
        {
            builder.AddJsonFile(Path.GetFullPath(file), optional: false, reloadOnChange: false);
        }

        builder.AddEnvironmentVariables();
        builder.AddCommandLine([.. arguments.Settings]);
        try
        {
            return builder.Build();
        }
        catch (InvalidDataException unreadable)
        {
            // The cause says where in the file, or which key is there twice.
            problems.Add($"{unreadable.Message} {unreadable.GetBaseException().Message}; correct the file");
        }
        catch (FormatException unreadable)
        {
            problems.Add($"{unreadable.Message}; correct the file");
        }

        return null;
    }
}
