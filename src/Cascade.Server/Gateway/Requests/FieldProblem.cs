using Cascade.Server.Gateway.Errors;

namespace Cascade.Server.Gateway.Requests;

/// <summary>What is wrong with one field of a request, and how to repair it.</summary>
internal sealed record FieldProblem(ErrorKind Kind, string Param, string Message);

/// <summary>Every problem of a request, so that a caller repairs it once and not field by field.</summary>
internal sealed class FieldProblems
{
    private const int MaxReported = 20;

    private readonly List<FieldProblem> _problems = [];

    public bool Any => _problems.Count > 0;

    public void Add(ErrorKind kind, string param, string message)
    {
        if (_problems.Count < MaxReported)
        {
            _problems.Add(new FieldProblem(kind, param, message));
        }
    }

    public void Missing(string param, string message) => Add(GatewayErrors.Missing, param, message);

    public void Invalid(string param, string message) => Add(GatewayErrors.InvalidValue, param, message);

    public void Unsupported(string param, string message) => Add(GatewayErrors.Unsupported, param, message);

    public ApiError ToError() =>
        new(_problems[0].Kind, string.Join("; ", _problems.Select(p => p.Message))) { Param = _problems[0].Param };
}
