using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Alcor.Network;
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

    public static Option<ImmutableArray<NumberRange>> Ranges(string name, string description) =>
        Repeatable(name, "first:last", description, ParseRange);

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

    /// <summary>VXLAN network identifiers have 24 bits; 0 and the highest are kept back (RFC 7348 section 5).</summary>
    private static NumberRange ParseRange(string text)
    {
        const uint highest = (1 << 24) - 2;
        return text.Split(':') is [var from, var to]
            && uint.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && uint.TryParse(to, NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            && first is >= 1
            && first <= last
            && last <= highest
                ? new NumberRange(first, last)
                : throw new FormatException($"'{text}' is not a range first:last within 1:{highest}");
    }
}
