using Cascade.Budgets;

namespace Cascade.Grains.Configuration;

/// <summary>Turns the durability of an account into its exposure.</summary>
internal sealed class ExposureReader(List<string> problems, BudgetDefaultsConfig defaults)
{
    /// <summary>Checks the defaults, which count even when every account says otherwise.</summary>
    public void ReadDefaults(string path)
    {
        CheckMode($"{path}:{nameof(defaults.Durability)}", defaults.Durability);
        if (defaults.ExposureUsd.Length > 0)
        {
            ReadAmount($"{path}:{nameof(defaults.ExposureUsd)}", defaults.ExposureUsd);
        }
    }

    /// <returns>The exposure; zero when every call waits for the journal.</returns>
    public Money Read(string path, AccountConfig config)
    {
        if (config.Durability is { } own)
        {
            CheckMode($"{path}:{nameof(config.Durability)}", own);
        }

        var key = $"{path}:{nameof(config.ExposureUsd)}";
        var exposure = config.ExposureUsd.Length > 0 ? ReadAmount(key, config.ExposureUsd) : Money.Zero;
        if ((config.Durability ?? defaults.Durability) != Durability.Batched)
        {
            if (config.ExposureUsd.Length > 0)
            {
                problems.Add($"{key} is '{config.ExposureUsd}', but the account waits for the journal with every call; set {path}:{nameof(config.Durability)} to batched, or remove it");
            }

            return Money.Zero;
        }

        if (config.ExposureUsd.Length > 0)
        {
            return exposure;
        }

        if (defaults.ExposureUsd.Length == 0)
        {
            problems.Add($"{key} is not set, but batched durability needs it; set it, or {CascadeConfig.SectionName}:{nameof(CascadeConfig.Budgets)}:{nameof(defaults.ExposureUsd)}");
        }

        return MoneyText.TryParse(defaults.ExposureUsd, out var usual, out _) ? usual : Money.Zero;
    }

    private Money ReadAmount(string key, string text)
    {
        if (!MoneyText.TryParse(text, out var amount, out var problem))
        {
            problems.Add($"{key} {problem}");
        }
        else if (amount == Money.Zero)
        {
            problems.Add($"{key} is {text}; write an amount above zero, or use strict durability");
        }

        return amount;
    }

    private void CheckMode(string key, Durability durability)
    {
        if (durability == Durability.None)
        {
            problems.Add($"{key} is not set; use strict or batched");
        }
    }
}
