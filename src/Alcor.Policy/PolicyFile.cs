using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Alcor.Policy.Language;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Alcor.Policy;

/// <summary>
/// Rules as they stand in a file of oslo.policy: one mapping from names to expressions, in YAML or in JSON, which is
/// a subset of it. An expression is a text, nothing (which always holds), or lists as of old.
/// </summary>
internal sealed partial class PolicyFile
{
    private readonly string _name;
    private readonly Dictionary<string, Expression> _rules = new(StringComparer.Ordinal);
    private readonly ImmutableArray<PolicyError>.Builder _errors = ImmutableArray.CreateBuilder<PolicyError>();

    private PolicyFile(string name) => _name = name;

    public IReadOnlyDictionary<string, Expression> Rules => _rules;

    public ImmutableArray<PolicyError> Errors => _errors.ToImmutable();

    public static PolicyFile Read(string name, string text)
    {
        var file = new PolicyFile(name);
        if (text.Length > PolicyLimits.FileCharactersMax)
            file.AddError("", $"it is longer than {PolicyLimits.FileCharactersMax} characters");
        else if (file.ReadDocument(text) is { } rules)
            file.ReadRules(rules);
        return file;
    }

    private YamlMappingNode? ReadDocument(string text)
    {
        var stream = new YamlStream();
        try
        {
            // Building the tree recurses, so that a file that nests for ever would end the process.
            if (IsDeep(text))
            {
                AddError("", $"it nests deeper than {PolicyLimits.FileDepthMax} levels");
                return null;
            }

            using var reader = new StringReader(text);
            stream.Load(reader);
        }
        catch (YamlException exception)
        {
            AddError("", $"line {exception.Start.Line}, column {exception.Start.Column}: {exception.Message}");
            return null;
        }

        if (stream.Documents.Count == 0 || stream.Documents[0].RootNode is YamlScalarNode root && IsNull(root))
            return null;
        if (stream.Documents is [{ RootNode: YamlMappingNode rules }])
            return rules;
        AddError("", "it is not one mapping from names of rules to expressions");
        return null;
    }

    private static bool IsDeep(string text)
    {
        using var reader = new StringReader(text);
        var parser = new Parser(reader);
        var depth = 0;
        while (depth <= PolicyLimits.FileDepthMax && parser.MoveNext())
            depth += parser.Current!.NestingIncrease;
        return depth > PolicyLimits.FileDepthMax;
    }

    private void ReadRules(YamlMappingNode rules)
    {
        if (rules.Children.Count > PolicyLimits.RulesMax)
        {
            AddError("", $"it has more than {PolicyLimits.RulesMax} rules");
            return;
        }

        foreach (var (key, value) in rules.Children)
        {
            if (_errors.Count >= PolicyLimits.ErrorsMax)
                return;
            if (key is not YamlScalarNode { Value: { Length: > 0 } name })
                AddError("", $"line {key.Start.Line}: the name of a rule is not a text");
            else if (ReadRule(value, out var reason) is { } expression)
                _rules[name] = expression;
            else
                AddError(name, reason);
        }
    }

    private static Expression? ReadRule(YamlNode node, out string reason)
    {
        reason = $"line {node.Start.Line}: neither an expression nor a list of lists of checks";
        SyntaxError? error = null;
        Expression? expression = null;
        if (node is YamlScalarNode scalar && IsNull(scalar))
            expression = ExpressionReader.Read("", out error);
        else if (node is YamlScalarNode { Value: { } text } other && IsText(other))
            expression = ExpressionReader.Read(text, out error);
        else if (node is YamlSequenceNode sequence && ReadLists(sequence) is { } lists)
            expression = ExpressionReader.ReadLists(lists, out error);
        if (error is not null)
            reason = $"line {node.Start.Line}, at {error.Position} of the expression: {error.Reason}";
        return expression;
    }

    private static List<List<string>>? ReadLists(YamlSequenceNode outer)
    {
        var lists = new List<List<string>>();
        foreach (var item in outer.Children)
        {
            var checks = item is YamlSequenceNode inner ? inner.Children : [item];
            if (!checks.All(check => check is YamlScalarNode { Value: not null } scalar && IsText(scalar)))
                return null;
            lists.Add([.. checks.Select(check => ((YamlScalarNode)check).Value!).Where(text => text.Length > 0)]);
        }

        return lists;
    }

    private void AddError(string rule, string reason) => _errors.Add(new PolicyError(_name, rule, reason));

    private static bool IsNull(YamlScalarNode scalar) =>
        scalar.Style == ScalarStyle.Plain && scalar.Value is null or "" or "~" or "null" or "Null" or "NULL";

    private static bool IsText(YamlScalarNode scalar) =>
        scalar.Style != ScalarStyle.Plain || !OtherScalar().IsMatch(scalar.Value!);

    // What YAML takes for a truth value or a number.
    [GeneratedRegex(@"\A(?:true|false|yes|no|on|off|[-+]?[0-9.]+)\z", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex OtherScalar();
}
