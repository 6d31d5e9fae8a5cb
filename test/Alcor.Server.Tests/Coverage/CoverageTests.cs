namespace Alcor.Server.Tests.Coverage;

/// <summary>
/// Every operation of the served documents is in the tables that the tests of this folder run over, and nothing else.
/// </summary>
public sealed class CoverageTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task Every_operation_of_the_documents_is_tried()
    {
        var operations = await OperationsAsync();
        var missing = operations.Where(operation => Probe.Find(operation.Method, operation.Path) is null);
        Assert.True(!missing.Any(), $"in neither table of cases: {string.Join(", ", missing)}");
    }

    /// <summary>So a case that is taken away is missed, whichever it is.</summary>
    [Fact]
    public async Task No_operation_is_in_two_cases()
    {
        var operations = await OperationsAsync();
        Assert.DoesNotContain(operations, operation => Probe.FindAll(operation.Method, operation.Path).Count() > 1);
    }

    [Fact]
    public async Task Every_case_is_of_a_document()
    {
        var operations = await OperationsAsync();
        var paths = operations.Select(operation => operation.Path).ToHashSet();
        foreach (var of in CollectionCases.All)
        {
            Assert.Contains(of.Path, paths);
            Assert.All(of.Actions.Keys, action => Assert.Contains($"{of.Path}/{{id}}/{action}", paths));
            Assert.True(of.Create is null || of.Refused is not null, $"{of.Path} refuses nothing");
        }
        Assert.All(OperationCases.All, probe => Assert.Contains((probe.Method, probe.Path), operations));
    }

    private async Task<List<(string Method, string Path)>> OperationsAsync()
    {
        var operations = new List<(string Method, string Path)>();
        foreach (var name in Document.Names)
        {
            var served = (await server.GetAsync($"/openapi/{name}.json")).Is(200).Json!;
            operations.AddRange(Document.OperationsOf(Document.PathsOf(served)));
        }
        return operations;
    }
}
