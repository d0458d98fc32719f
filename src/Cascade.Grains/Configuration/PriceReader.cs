using Cascade.Providers;
using Cascade.Providers.Pricing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cascade.Grains.Configuration;

/// <summary>Reads the price book and gives endpoints their prices.</summary>
internal sealed class PriceReader(List<string> problems)
{
    private PriceBook _book = PriceBook.Empty;
    private bool _isRead;

    /// <summary>Reads the files; without <paramref name="readsFiles"/>, in a process that calls no model, only checks the settings.</summary>
    public void Read(string path, PricesConfig config, bool readsFiles)
    {
        problems.AddRange(SettingChecks.Within(
            $"{path}:{nameof(config.ReloadInterval)}", config.ReloadInterval, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)));
        if (!readsFiles)
        {
            return;
        }

        var reading = PriceBookReader.ReadFiles(config.Files);
        problems.AddRange(reading.Problems);
        _book = reading.Book ?? PriceBook.Empty;
        _isRead = reading.Book is not null;
    }

    public void Check(string path, EndpointConfig endpoint)
    {
        if (_isRead && endpoint.Price is { } name && !_book.Entries.ContainsKey(name))
        {
            problems.Add($"{path}:{nameof(endpoint.Price)} is '{name}', which is no entry of the price book{NameSuggestion.For(name, _book.Entries.Keys)}; "
                + $"add it to a file under {CascadeConfig.SectionName}:{nameof(CascadeConfig.Prices)}:{nameof(PricesConfig.Files)}, or correct the name");
        }
    }

    public LivePriceBook Live(CascadeConfig config, TimeProvider? time, ILogger? logger) => new(
        _book,
        config.Prices.Files,
        config.Endpoints.Values.Select(endpoint => endpoint.Price).OfType<string>(),
        config.Prices.ReloadInterval,
        time ?? TimeProvider.System,
        logger ?? NullLogger.Instance);
}
