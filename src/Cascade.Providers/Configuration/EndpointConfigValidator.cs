using Cascade.Providers.Replay;

namespace Cascade.Providers;

/// <summary>Finds everything that is wrong with an endpoint's configuration, at once.</summary>
public static class EndpointConfigValidator
{
    private const int MostTokens = 10_000_000;
    private const int LongestLatencyMilliseconds = 600_000;
    private const int MostLabelLetters = 64;
    private const int MostTags = 32;

    /// <summary>Checks one endpoint. Looks at the files and variables it names, connects to nothing.</summary>
    /// <param name="path">Where the configuration was read from, for example <c>Cascade:Endpoints:cheap</c>.</param>
    /// <param name="config">The configuration.</param>
    /// <returns>One sentence for each problem: the key, what is wrong, and the repair. Empty when there is none.</returns>
    public static IEnumerable<string> Check(string path, EndpointConfig config)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(config);
        return Provider(config).Concat(Labels(config)).Concat(PriceConfigChecks.Check(config)).Concat(Limits(config)).Concat(Streams(config.Stream))
            .Concat(CapacityConfigChecks.Check(config)).Select(problem => $"{path}:{problem}");
    }

    private static IEnumerable<string> Provider(EndpointConfig config)
    {
        switch (config.Provider)
        {
            case ProviderKinds.OpenAi or ProviderKinds.AzureOpenAi or ProviderKinds.Anthropic or ProviderKinds.Ollama:
                return RemoteConfigChecks.Check(config);
            case ProviderKinds.Replay:
                return NotRemote(config).Concat(Replay(config));
            case ProviderKinds.Synthetic:
                return NotRemote(config).Concat(Synthetic(config.Synthetic));
            default:
                var what = string.IsNullOrWhiteSpace(config.Provider) ? "is not set" : $"is unknown (\"{config.Provider}\")";
                return [$"Provider {what}; use one of: {string.Join(", ", ProviderKinds.All)}."];
        }
    }

    private static IEnumerable<string> NotRemote(EndpointConfig config)
    {
        (string Key, string? Value)[] meaningless =
        [
            (nameof(config.BaseUrl), config.BaseUrl),
            (nameof(config.ApiKeyEnvironment), config.ApiKeyEnvironment),
            (nameof(config.ApiKeyFile), config.ApiKeyFile),
        ];
        return meaningless.Where(setting => setting.Value is not null)
            .Select(setting => $"{setting.Key} is set, but the {config.Provider} provider connects to nothing; remove it or set Provider to one that does.");
    }

    private static IEnumerable<string> Replay(EndpointConfig config)
    {
        var replay = config.Replay;
        if (string.IsNullOrWhiteSpace(replay.Model) && string.IsNullOrWhiteSpace(config.Model))
            yield return "Replay:Model is not set; name a recorded model.";
        foreach (var problem in Latency("Replay", replay.LatencyMilliseconds))
            yield return problem;
        if (ReplayRecording.Find(replay.DataSet) is not { } recording)
        {
            var known = string.Join(", ", ReplayRecording.All.Select(each => each.Name));
            yield return $"Replay:DataSet is unknown (\"{replay.DataSet}\"); use one of: {known}.";
        }
        else if (recording.MissingFile(ReplayDirectory.Resolve(replay.DataDirectory)) is { } missing)
        {
            yield return $"Replay:DataDirectory has no recording (missing: {missing}); set it, or the environment variable "
                + $"{ReplayDirectory.Variable}, to the folder with the recordings.";
        }
    }

    private static IEnumerable<string> Synthetic(SyntheticConfig synthetic)
    {
        if (!SyntheticSolvers.All.Contains(synthetic.Solver))
            yield return $"Synthetic:Solver is unknown (\"{synthetic.Solver}\"); use one of: {string.Join(", ", SyntheticSolvers.All)}.";
        if (synthetic.ErrorRate is { } rate && rate is not (>= 0 and <= 1))
            yield return FormattableString.Invariant($"Synthetic:ErrorRate is out of range ({rate}); give a share from 0 to 1.");
        foreach (var problem in Latency("Synthetic", synthetic.LatencyMilliseconds))
            yield return problem;
    }

    private static IEnumerable<string> Labels(EndpointConfig config)
    {
        if (config.Region.Length > 0 && !IsLabel(config.Region))
            yield return $"Region is no word of at most {MostLabelLetters} characters; shorten it and leave white space out.";
        if (config.Tags.Count > MostTags)
            yield return $"Tags has {config.Tags.Count} words; give at most {MostTags}.";
        for (var i = 0; i < config.Tags.Count; i++)
        {
            if (!IsLabel(config.Tags[i]))
                yield return $"Tags:{i} is no word of at most {MostLabelLetters} characters; write one, without white space.";
        }
    }

    private static bool IsLabel(string text) =>
        text.Length is > 0 and <= MostLabelLetters && !text.Any(static letter => char.IsWhiteSpace(letter) || char.IsControl(letter));

    private static IEnumerable<string> Limits(EndpointConfig config)
    {
        IEnumerable<string?> problems =
        [
            Range(nameof(config.MaxInFlight), config.MaxInFlight, 1, 100_000, "calls"),
            Range(nameof(config.MaxOutputTokens), config.MaxOutputTokens, 1, MostTokens, "tokens"),
            Range(nameof(config.MinOutputTokens), config.MinOutputTokens, 1, Math.Max(1, config.MaxOutputTokens), "tokens"),
            Range(nameof(config.ExpectedInputTokens), config.ExpectedInputTokens, 0, MostTokens, "tokens"),
            Range(nameof(config.ExpectedOutputTokens), config.ExpectedOutputTokens, 0, MostTokens, "tokens"),
            Range(nameof(config.MaxTokensPerImage), config.MaxTokensPerImage, 0, 1_000_000, "tokens"),
            Range(nameof(config.MaxToolCalls), config.MaxToolCalls, 0, 10_000, "calls"),
            Range(nameof(config.Quality), config.Quality, 0, 1, "(a share)"),
            Range(nameof(config.TimeoutSeconds), config.TimeoutSeconds, 0.001, 3600, "seconds"),
            Range(nameof(config.MinBytesPerToken), config.MinBytesPerToken, 0.05, 16, "bytes"),
        ];
        return problems.OfType<string>();
    }

    private static IEnumerable<string> Streams(StreamConfig stream)
    {
        const string Section = nameof(EndpointConfig.Stream);
        IEnumerable<string?> problems =
        [
            Range($"{Section}:{nameof(stream.ConnectTimeoutSeconds)}", stream.ConnectTimeoutSeconds, 0.001, 3600, "seconds"),
            Range($"{Section}:{nameof(stream.FirstChunkTimeoutSeconds)}", stream.FirstChunkTimeoutSeconds ?? 1, 0.001, 3600, "seconds"),
            Range($"{Section}:{nameof(stream.IdleTimeoutSeconds)}", stream.IdleTimeoutSeconds, 0.001, 3600, "seconds"),
            Range($"{Section}:{nameof(stream.DrainSeconds)}", stream.DrainSeconds, 0, 3600, "seconds"),
            Range($"{Section}:{nameof(stream.DrainTokens)}", stream.DrainTokens, 0, MostTokens, "tokens"),
            Range($"{Section}:{nameof(stream.MarginTokens)}", stream.MarginTokens, 0, 1_000_000, "tokens"),
            stream.BrokenCharge is BrokenCharges.Unconfirmed or BrokenCharges.Counted
                ? null
                : $"{Section}:{nameof(stream.BrokenCharge)} is unknown (\"{stream.BrokenCharge}\"); use one of: {BrokenCharges.Unconfirmed}, {BrokenCharges.Counted}.",
        ];
        return problems.OfType<string>();
    }

    private static IEnumerable<string> Latency(string section, int milliseconds) =>
        Range($"{section}:LatencyMilliseconds", milliseconds, 0, LongestLatencyMilliseconds, "milliseconds") is { } problem ? [problem] : [];

    private static string? Range(string key, double value, double least, double most, string unit) => value >= least && value <= most
        ? null
        : FormattableString.Invariant($"{key} is out of range ({value}); give {least} to {most} {unit}.");
}
