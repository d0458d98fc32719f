using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using Cascade.Contracts;

namespace Cascade.Tests.Architecture;

/// <summary>Makes an instance of a wire type with a different value in every member, or with nothing set at all.</summary>
internal static class WireFiller
{
    public static object Default(Type type) => type.IsValueType
        ? Activator.CreateInstance(type)!
        : type.IsAssignableTo(typeof(Exception)) ? Activator.CreateInstance(type)! : RuntimeHelpers.GetUninitializedObject(type);

    public static object Filled(Type type)
    {
        var seed = 0;
        return Make(type, ref seed);
    }

    private static object Make(Type type, ref int seed)
    {
        seed++;
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum)
        {
            var values = Enum.GetValues(type);
            return values.GetValue(values.Length - 1)!;
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
        {
            var items = Array.CreateInstance(type.GetGenericArguments()[0], 2);
            items.SetValue(Make(type.GetGenericArguments()[0], ref seed), 0);
            items.SetValue(Make(type.GetGenericArguments()[0], ref seed), 1);
            var create = typeof(ImmutableArray).GetMethods()
                .Single(method => method.Name == nameof(ImmutableArray.Create)
                    && method.GetParameters() is [{ ParameterType.IsArray: true } only]
                    && only.IsDefined(typeof(ParamArrayAttribute)));
            return create.MakeGenericMethod(type.GetGenericArguments()[0]).Invoke(null, [items])!;
        }

        return Scalar(type, seed) ?? Members(type, ref seed);
    }

    private static object? Scalar(Type type, int seed) => type switch
    {
        _ when type == typeof(string) => "text-" + seed.ToString(CultureInfo.InvariantCulture),
        _ when type == typeof(bool) => true,
        _ when type == typeof(byte) => (byte)(1 + (seed % byte.MaxValue)),
        _ when type == typeof(int) => seed,
        _ when type == typeof(long) => 1_000_000_000_000L + seed,
        _ when type == typeof(double) => seed + 0.25,
        _ when type == typeof(TimeSpan) => TimeSpan.FromMilliseconds(seed),
        _ when type == typeof(DateTimeOffset) => new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)).AddTicks(seed),
        _ when type.IsAssignableTo(typeof(Exception)) => Activator.CreateInstance(type, "message"),
        _ when type.Namespace?.StartsWith("Cascade", StringComparison.Ordinal) == true => null,
        _ => throw new NotSupportedException($"the filler knows no value for {type}; teach it one"),
    };

    private static object Members(Type type, ref int seed)
    {
        var instance = RuntimeHelpers.GetUninitializedObject(type);
        foreach (var member in WireNames.Members(type))
        {
            var value = type == typeof(AccountId) ? "acme/search" : Make(member.Type, ref seed);
            type.GetProperty(member.Name, BindingFlags.Instance | BindingFlags.Public)!.SetValue(instance, value);
        }

        return instance;
    }
}
