namespace Alcor.Tidy.Tests;

/// <summary>Every source file keeps the rules of the house.</summary>
public sealed class SourceTests
{
    [Fact]
    public void Files_are_short() => Repository.RequireNone(Repository.Files(".cs").SelectMany(SourceRules.Size));

    [Fact]
    public void Lines_are_short() =>
        Repository.RequireNone(Repository.Files(".cs", ".proto", ".sh").SelectMany(SourceRules.Width));

    [Fact]
    public void Functions_are_short() =>
        Repository.RequireNone(Repository.Files(".cs").SelectMany(SourceRules.FunctionLengths));

    [Fact]
    public void Functions_take_few_parameters() =>
        Repository.RequireNone(Repository.Files(".cs").SelectMany(SourceRules.Parameters));

    [Fact]
    public void Names_say_something() => Repository.RequireNone(Repository.Files(".cs").SelectMany(SourceRules.Names));

    [Fact]
    public void Nothing_is_unfinished_or_bound_to_a_machine() =>
        Repository.RequireNone(Repository.TextFiles().SelectMany(SourceRules.BannedTexts));

    [Fact]
    public void Skipped_tests_say_why() =>
        Repository.RequireNone(Repository.Files(".cs").SelectMany(SourceRules.SkipReasons));
}
