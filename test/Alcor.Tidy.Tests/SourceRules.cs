using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Alcor.Tidy.Tests;

/// <summary>Rules about one file at a time: a text in, findings out.</summary>
public static partial class SourceRules
{
    public const int SourceLinesMax = 400;
    public const int TestLinesMax = 600;
    public const int ColumnsMax = 120;
    public const int FunctionLinesMax = 70; // strive for 60
    public const int ParametersMax = 5;

    // Put together from halves, so that this file does not break its own rule.
    private static readonly string[] Unfinished =
        ["TO" + "DO", "FIX" + "ME", "HA" + "CK", "Not" + "ImplementedException"];
    private static readonly string[] MachinePaths = ["/wo" + "rk/", "/tmp/" + "wt", "/opt/" + "nuget"];

    public static IEnumerable<Finding> Size(SourceFile file)
    {
        var most = file.IsTest ? TestLinesMax : SourceLinesMax;
        if (!file.IsGenerated && file.Lines.Length > most)
        {
            yield return new Finding(
                file.Path, most + 1, $"a file of {file.Lines.Length} lines, at most {most} allowed");
        }
    }

    public static IEnumerable<Finding> Width(SourceFile file) =>
        file.FindLines(line => line.Length > ColumnsMax, $"a line of more than {ColumnsMax} columns");

    public static IEnumerable<Finding> BannedTexts(SourceFile file) =>
        [
            .. Unfinished.SelectMany(word => file.FindLines(
                line => Regex.IsMatch(line, $@"\b{word}\b", RegexOptions.None, TimeSpan.FromSeconds(1)),
                $"'{word}': finish it, or leave it out")),
            .. MachinePaths.SelectMany(path => file.FindLines(
                line => Regex.IsMatch(line, $@"(?<![\w.\-}}]){path}", RegexOptions.None, TimeSpan.FromSeconds(1)),
                $"'{path}': a path of somebody's machine")),
        ];

    /// <summary>Functions of every kind: methods, constructors, operators, accessors, local functions.</summary>
    public static IEnumerable<Finding> FunctionLengths(SourceFile file) =>
        from node in Nodes(file)
        where node is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax
        let body = Body(node)
        where body.Last - body.First + 1 > FunctionLinesMax
        select new Finding(file.Path, body.First + 1,
            $"a function of {body.Last - body.First + 1} lines, at most {FunctionLinesMax} allowed (strive for 60)");

    /// <summary>
    /// A record is the way out of many parameters, so its own are not counted; nor are those of a native function.
    /// </summary>
    public static IEnumerable<Finding> Parameters(SourceFile file) =>
        from node in file.IsTest ? [] : Nodes(file)
        let list = node switch
        {
            BaseMethodDeclarationSyntax method when !IsGiven(method) => method.ParameterList,
            LocalFunctionStatementSyntax function => function.ParameterList,
            ClassDeclarationSyntax type => type.ParameterList,
            StructDeclarationSyntax type => type.ParameterList,
            _ => null,
        }
        where list?.Parameters.Count > ParametersMax
        select new Finding(file.Path, Line(list),
            $"{list.Parameters.Count} parameters, at most {ParametersMax} allowed: make a record of them");

    public static IEnumerable<Finding> Names(SourceFile file)
    {
        if (IsBannedName(file.Name))
            yield return new Finding(file.Path, 1, $"the file name '{file.Name}' says nothing");
        foreach (var type in Nodes(file).OfType<BaseTypeDeclarationSyntax>())
        {
            if (IsBannedName(type.Identifier.Text))
                yield return new Finding(file.Path, Line(type), $"the type name '{type.Identifier.Text}' says nothing");
        }
    }

    /// <summary>A test that is skipped, always or sometimes, says why.</summary>
    public static IEnumerable<Finding> SkipReasons(SourceFile file)
    {
        const string rule = "a skipped test must say why";
        var nodes = Nodes(file).ToList();
        foreach (var argument in nodes.OfType<AttributeArgumentSyntax>())
        {
            if (argument.NameEquals?.Name.Identifier.Text == "Skip" && IsBlank(argument.Expression))
                yield return new Finding(file.Path, Line(argument), rule);
        }

        foreach (var call in nodes.OfType<InvocationExpressionSyntax>())
        {
            if (call.Expression.ToString() is "Assert.Skip" or "Assert.SkipWhen" or "Assert.SkipUnless"
                && call.ArgumentList.Arguments.LastOrDefault() is { } reason && IsBlank(reason.Expression))
            {
                yield return new Finding(file.Path, Line(call), rule);
            }
        }
    }

    /// <summary>Manager, Helper, Util, Impl as a word; Base as the last word; V2 and its like anywhere.</summary>
    public static bool IsBannedName(string name)
    {
        var words = PascalWord().Matches(name).Select(word => word.Value).ToList();
        return words.Any(word => word is "Manager" or "Helper" or "Helpers" or "Util" or "Utils" or "Impl")
            || words.LastOrDefault() == "Base" || VersionWord().IsMatch(name);
    }

    private static bool IsBlank(ExpressionSyntax expression) =>
        expression is LiteralExpressionSyntax literal && string.IsNullOrWhiteSpace(literal.Token.ValueText);

    /// <summary>Its parameters are not its author's choice: it overrides, or is a native function.</summary>
    private static bool IsGiven(BaseMethodDeclarationSyntax method) =>
        method.Modifiers.Any(SyntaxKind.OverrideKeyword) || method.Modifiers.Any(SyntaxKind.ExternKeyword)
        || method.AttributeLists.SelectMany(list => list.Attributes).Any(a => a.Name.ToString() == "LibraryImport");

    private static IEnumerable<SyntaxNode> Nodes(SourceFile file) =>
        file.IsGenerated ? [] : CSharpSyntaxTree.ParseText(file.Text).GetRoot().DescendantNodes();

    // Without attributes and comments before it: a contract may be as long as it needs to be.
    private static (int First, int Last) Body(SyntaxNode function)
    {
        var first = function.ChildNodesAndTokens().First(child => !child.IsKind(SyntaxKind.AttributeList));
        var span = function.SyntaxTree.GetLineSpan(function.Span);
        return (function.SyntaxTree.GetLineSpan(first.Span).StartLinePosition.Line, span.EndLinePosition.Line);
    }

    private static int Line(SyntaxNode node) =>
        node.SyntaxTree.GetLineSpan(node.Span).StartLinePosition.Line + 1;

    [GeneratedRegex("[A-Z][a-z]*", RegexOptions.None, 1000)]
    private static partial Regex PascalWord();

    [GeneratedRegex("V[0-9]+(?![0-9a-z])", RegexOptions.None, 1000)]
    private static partial Regex VersionWord();
}
