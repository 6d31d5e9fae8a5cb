namespace Alcor.Server.Tests.Coverage;

/// <summary>
/// Every operation of the served document is in the tables that the tests of this folder run over, and nothing else.
/// </summary>
public sealed class CoverageTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task Every_operation_of_the_document_is_tried()
    {
        var operations = await OperationsAsync();
        var missing = operations.Where(operation => Probe.Find(operation.Method, operation.Path) is null);
        Assert.True(!missing.Any(), $"in neither table of cases: {string.Join(", ", missing)}");
    }

    [Fact]
    public async Task Every_case_is_of_the_document()
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

    private async Task<List<(string Method, string Path)>> OperationsAsync() =>
        [.. Document.OperationsOf((await server.GetAsync("/openapi/neutron.json")).Is(200)["paths"].AsObject())];
}
