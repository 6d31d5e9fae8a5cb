using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Alcor.Network;
using Alcor.Network.Networks;
using Alcor.Network.Quotas;

namespace Alcor.Server;

/// <summary>Kinds of options: each reads its values, and names itself in what it says about a wrong one.</summary>
internal static class ServeOptions
{
    public static Option<ImmutableArray<string>> Urls(string name, string description, string initial) =>
        Repeatable(name, "url", $"{description} Default: {initial}", text =>
            Uri.TryCreate(text, UriKind.Absolute, out var url)
            && url is { Scheme: "http", PathAndQuery: "/", UserInfo.Length: 0 }
            && !text.EndsWith('/')
                ? text
                : throw new FormatException($"'{text}' is not of the form http://address:port"));

    /// <param name="within">The numbers that there are.</param>
    public static Option<ImmutableArray<NumberRange>> Ranges(string name, NumberRange within, string description) =>
        Repeatable(name, "first:last", description, text => ParseRange(text, within));

    public static Option<ImmutableArray<VlanRange>> VlanRanges(string name, string description) =>
        Repeatable(name, "network[:first:last]", description, ParseVlanRange);

    public static Option<ImmutableArray<string>> PhysicalNetworks(string name, string description) =>
        Repeatable(name, "network", description, text => text.Length > 0
            ? text
            : throw new FormatException("a physical network has a name"));

    public static Option<ImmutableArray<string>> NetworkTypes(string name, string description) =>
        Repeatable(name, "type", description, text => NetworkType.All.Contains(text)
            ? text
            : throw new FormatException(
                $"'{text}' is not a network type: expected {string.Join(", ", NetworkType.All)}"));

    public static Option<ImmutableArray<MacPrefix>> Prefixes(string name, string description) =>
        Repeatable(name, "prefix", description, MacPrefix.Parse);

    public static Option<ImmutableArray<QuotaLimit>> Quotas(string name, string description) =>
        Repeatable(name, "type=number", description, QuotaLimit.Parse);

    public static Option<int> Number(
        string name, string description, int initial, int minimum, int maximum) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => initial,
        CustomParser = result => Parse(result, name, text =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= minimum
            && number <= maximum
                ? number
                : throw new FormatException($"'{text}' is not a number from {minimum} to {maximum}")),
    };

    public static Option<ImmutableArray<string>> Names(string name, string description) =>
        Repeatable(name, "name", description, NotEmpty);

    public static Option<ServerRoles> Roles(string name) => Of(
        name,
        "api,dataplane",
        "What this process does, with a comma between. Default: api,dataplane",
        text => text.Split(',').Aggregate(
            ServerRoles.None,
            (roles, role) => roles | role switch
            {
                "api" => ServerRoles.Api,
                "dataplane" => ServerRoles.Dataplane,
                _ => throw new FormatException($"'{role}' is not a role: expected api, dataplane"),
            }));

    /// <summary>A text as it is.</summary>
    public static string NotEmpty(string text) =>
        text.Length > 0 ? text : throw new FormatException("it is empty");

    /// <summary>One value; that of its type, such as null, when the option is absent.</summary>
    /// <param name="parse">Throws <see cref="FormatException"/> with what is wrong, without a full stop.</param>
    public static Option<T> Of<T>(string name, string valueName, string description, Func<string, T> parse) =>
        new(name)
        {
            Description = description,
            HelpName = valueName,
            CustomParser = result => Parse(result, name, parse),
        };

    /// <summary>
    /// Its value is the default array when the option is absent: only then does the default stay with its owner.
    /// </summary>
    private static Option<ImmutableArray<T>> Repeatable<T>(
        string name, string valueName, string description, Func<string, T> parse) => new(name)
    {
        Description = $"May be repeated. {description}",
        HelpName = valueName,
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result =>
            result.Tokens.Select(token => Parse(result, name, token.Value, parse)).ToImmutableArray(),
    };

    private static T Parse<T>(ArgumentResult result, string name, Func<string, T> parse) =>
        Parse(result, name, result.Tokens[^1].Value, parse);

    private static T Parse<T>(ArgumentResult result, string name, string text, Func<string, T> parse)
    {
        try
        {
            return parse(text);
        }
        catch (FormatException exception)
        {
            result.AddError($"{name}: {exception.Message}.");
            return default!;
        }
    }

    private static VlanRange ParseVlanRange(string text) => text.Split(':', 2) switch
    {
        [{ Length: > 0 } network] => new VlanRange(network, null),
        [{ Length: > 0 } network, var ids] => new VlanRange(network, ParseRange(ids, NetworkSettings.VlanIds)),
        _ => throw new FormatException($"'{text}' names no physical network: expected network or network:first:last"),
    };

    private static NumberRange ParseRange(string text, NumberRange within) =>
        text.Split(':') is [var from, var to]
        && uint.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out var first)
        && uint.TryParse(to, NumberStyles.None, CultureInfo.InvariantCulture, out var last)
        && first <= last
        && within.Contains(first)
        && within.Contains(last)
            ? new NumberRange(first, last)
            : throw new FormatException($"'{text}' is not a range first:last within {within}");
}
