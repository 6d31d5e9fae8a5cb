namespace Alcor.Tidy.Tests;

public sealed class SizeTests
{
    [Fact]
    public void Placeholder_until_the_source_exists() => Assert.True(true);
}
